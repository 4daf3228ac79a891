"""The scenario's clock: only in an exercise, only by its loader."""

from datetime import datetime

from starlette.requests import Request

from services.gateway.wiring import Gateway
from shared.errors import ForbiddenError, MalformedError
from shared.principal import Principal
from shared.roles import Role

HEADER = "Parley-Scenario-Time"


def scenario_time(gateway: Gateway, principal: Principal, request: Request) -> datetime | None:
    """The time a write is to be recorded at, if its caller set one and may."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    require_loader(gateway, principal)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as wrong:
        raise MalformedError(f"{HEADER} is not a time.") from wrong
    if moment.utcoffset() is None:
        raise MalformedError(f"{HEADER} has no zone.")
    return moment


def require_loader(gateway: Gateway, principal: Principal) -> None:
    """Raises ForbiddenError outside an exercise, and for anyone but its loader."""
    if not gateway.exercise or Role.LOADER not in principal.roles:
        raise ForbiddenError("Only the loader of an exercise sets the scenario's time.")
