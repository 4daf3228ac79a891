"""What scripts of our own pages ask about passkeys: as JSON, from these pages only."""

import logging
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway import door_log
from services.gateway.access.roll import person_name
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.bodies import body_of
from services.gateway.passkeys import acting
from services.gateway.passkeys.errors import NotProvenError
from services.gateway.sessions import CSRF_HEADER, Session, current_session, require_csrf
from services.gateway.sign_in import SIGN_IN, local_path, require_same_origin, signed_in
from services.gateway.wiring import gateway_of
from shared.api.common import Request as Asked
from shared.errors import ForbiddenError, UnauthenticatedError, ViewingAsError
from shared.values import ShortWords

OWN = "/account/passkeys"
ENTER = f"{SIGN_IN}/passkey"
Json = dict[str, Any]  # Any: JSON

_log = logging.getLogger(__name__)


class AddOwnPasskey(Asked):
    """`credential`: what the browser made, as its JSON (RegistrationResponseJSON)."""

    name: ShortWords
    credential: Annotated[Json, Field(max_length=20)]


class EnterByPasskey(Asked):
    """`credential`: what the device signed, as its JSON (AuthenticationResponseJSON)."""

    credential: Annotated[Json, Field(max_length=20)]
    next: str = "/"


def passkey_routes() -> list[Route]:
    return [
        Route(f"{OWN}/options", _ask_to_make, methods=["POST"]),
        Route(OWN, _add, methods=["POST"]),
        Route(f"{ENTER}/options", _ask_to_sign, methods=["POST"]),
        Route(ENTER, _enter, methods=["POST"]),
    ]


async def _ask_to_make(request: Request) -> Response:
    session = await _own(request)
    return json_answer(await acting.ask_to_make(gateway_of(request), session))


async def _add(request: Request) -> Response:
    session = await _own(request)
    body = body_of(AddOwnPasskey, await request.body())
    await acting.add(gateway_of(request), session, body.name, body.credential)
    return json_answer({"added": True})


async def _ask_to_sign(request: Request) -> Response:
    require_same_origin(request)
    return json_answer(acting.ask_to_sign(gateway_of(request)))


async def _enter(request: Request) -> Response:
    """A session of its own, and where to go; the same refusal whatever was wrong."""
    require_same_origin(request)
    gateway = gateway_of(request)
    body = body_of(EnterByPasskey, await request.body())
    try:
        account = await acting.proven(gateway, body.credential)
    except NotProvenError as wrong:
        door_log.refused(request, door_log.PASSKEY, "not_proven")
        _log.warning("a passkey's answer did not hold", extra={"check": str(wrong)})
        raise ForbiddenError("This passkey lets nobody in.", code="not_proven") from wrong
    door_log.let_in(request, door_log.PASSKEY, person_name(account.account_id))
    entered = await signed_in(request, account.account_id, "/")
    answer = json_answer({"to": local_path(body.next)})
    answer.headers["Set-Cookie"] = entered.headers["Set-Cookie"]
    return answer


async def _own(request: Request) -> Session:
    """The person signed in as himself, on a page of ours. Raises UnauthenticatedError, ForbiddenError."""
    session = await current_session(request)
    if session is None:
        raise UnauthenticatedError("Sign in first.")
    require_csrf(session, request.headers.get(CSRF_HEADER))
    if session.viewing:
        raise ViewingAsError
    return session
