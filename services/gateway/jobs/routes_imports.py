"""Imports of the partner API: a file of rows is taken in at once, and written row by row later."""

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.receiving import Sending, receive
from services.gateway.jobs.routes import taken
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.partner_api.queries import flag_of, query_of, wrong_parameter
from services.gateway.partner_api.writing import idempotency_key
from services.gateway.wiring import gateway_of
from shared.errors import MediaTypeError
from shared.http_edge import Uploads

LIMIT_BYTES = 64 * 1024 * 1024
PLURALS = "|".join(api.plural for api in KINDS)
IMPORTS = Uploads(re.compile(rf"/v1/({PLURALS})/import"), LIMIT_BYTES, 0)
MEDIA_TYPES = {
    "application/x-ndjson": FileFormat.NDJSON,
    "application/jsonl": FileFormat.NDJSON,
    "text/csv": FileFormat.CSV,
}
SYSTEM = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def import_routes() -> list[Route]:
    return [Route(f"/v1/{api.plural}/import", Imports(api).sent, methods=["POST"]) for api in KINDS]


@dataclass(frozen=True, slots=True)
class Imports:
    """Imports of one kind."""

    api: KindApi

    async def sent(self, request: Request) -> Response:
        """POST /v1/<kind>s/import. 202: it is here, and will be written."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        key, query = idempotency_key(request), query_of(request, {"system", "validate_only"})
        system = query.get("system")
        if system is not None and not SYSTEM.fullmatch(system):
            raise wrong_parameter("system", "Give lower-case letters, digits, '.', '_' and '-'.")
        sending = Sending(self.api, _format(request), system, flag_of(query, "validate_only"))
        job, replayed = await receive(gateway, principal, key, sending, request.stream())
        return taken(request, job, replayed=replayed)


def _format(request: Request) -> FileFormat:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in MEDIA_TYPES:
        raise MediaTypeError(f"Send one of {', '.join(MEDIA_TYPES)}.")
    return MEDIA_TYPES[given]
