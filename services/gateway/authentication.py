"""Who makes an API request: a machine by its bearer token, or a person by his session."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request

from services.gateway import rate_limits
from services.gateway.sessions import CSRF_HEADER, Session, current_session, require_csrf
from services.gateway.wiring import gateway_of
from shared.errors import UnauthenticatedError, ViewingAsError
from shared.http_edge import CALLER
from shared.methods import SAFE
from shared.principal import Principal

# Asked again and again by long answers: the caller as he stands now, or None when he is no longer let in.
Standing = Callable[[], Awaitable[Principal | None]]


@dataclass(frozen=True, slots=True)
class Caller:
    principal: Principal
    standing: Standing


async def authenticated(request: Request) -> Caller:
    """Raises UnauthenticatedError, RateLimitError; ForbiddenError when a person's write lacks the page's
    token, ViewingAsError when he views as others."""
    caller = await _caller(request)
    rate_limits.count(request, caller.principal.client)
    return caller


async def person(request: Request) -> Caller:
    """The person signed in. Raises UnauthenticatedError. A stream does not keep a session alive."""
    session = await current_session(request, touch=False)
    if session is None:
        raise UnauthenticatedError("Sign in first.")
    return _person(request, session)


async def _caller(request: Request) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _machine(request, token.strip())
    session = await current_session(request)
    if session is None:
        raise UnauthenticatedError("Send an access token, or sign in.")
    return _person(request, session)


async def _machine(request: Request, token: str) -> Caller:
    gateway = gateway_of(request)
    bearer = gateway.tokens.verify(token)

    async def standing() -> Principal | None:
        try:
            known = await gateway.roll.client(gateway.tokens.verify(token).client_id)
        except UnauthenticatedError:
            return None
        return known.principal if known else None

    known = await gateway.roll.client(bearer.client_id)
    if known is None:
        raise UnauthenticatedError("The access token is not one of ours.")
    setattr(request.state, CALLER, known.principal.client)
    return Caller(known.principal, standing)


def _person(request: Request, session: Session) -> Caller:
    if request.method not in SAFE:
        require_csrf(session, request.headers.get(CSRF_HEADER))
        if session.viewing:
            raise ViewingAsError

    async def standing() -> Principal | None:
        again = await current_session(request, touch=False)
        return again.principal if again else None

    return Caller(session.principal, standing)
