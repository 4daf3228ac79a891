"""What nobody has written yet, shown by the rules of what is written. Nothing is read, and nothing kept."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.reporting.foretelling import foretold_view
from services.reporting.routes_lists import as_json
from services.reporting.wiring import AtDesk
from shared.clock import utc_now
from shared.foretelling import Foretold
from shared.http import Caller

router = APIRouter()


@router.post("/foretold")
async def foretold(body: Foretold, caller: Caller, desk: AtDesk) -> Response:
    return as_json(foretold_view(body, caller, desk.policy, utc_now()))
