"""Signing in and out with name and password. The pages around it are the web's."""

from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.gateway import door_log
from services.gateway.access import throttle
from services.gateway.access.accounts import Account, account_named
from services.gateway.access.roll import person_name
from services.gateway.access.session_store import ABSOLUTE, close_session, open_session
from services.gateway.sessions import (
    CSRF_FIELD,
    CSRF_HEADER,
    Session,
    current_session,
    require_csrf,
)
from services.gateway.viewing.acting import leave
from services.gateway.wiring import Gateway, gateway_of
from shared.errors import ForbiddenError, MalformedError

SIGN_IN = "/sign-in"
# Whoever comes in by a password he was given is led to where he chooses his own.
FIRST = "/password?done=first"
SESSION_ENDED = "session ended"


def sign_in_routes() -> list[Route]:
    return [
        Route(SIGN_IN, _sign_in, methods=["POST"]),
        Route("/sign-out", _sign_out, methods=["POST"]),
    ]


async def _sign_in(request: Request) -> Response:
    """Sets the session's cookie and goes to `next`; else back to the form, never saying what was wrong."""
    require_same_origin(request)
    gateway, form = gateway_of(request), await _form(request)
    username, target = form.get("username", ""), local_path(form.get("next", "/"))
    address = request.client.host if request.client else ""
    try:
        await throttle.check(gateway.pool, username, address)
    except throttle.TooManyError:
        door_log.refused(request, door_log.PASSWORD, "too_many")
        return back(target, "too_many")
    # What is no text is nobody's name, and takes as long.
    account = await account_named(gateway.pool, username if username.isprintable() else "")
    known = account.password_hash if account else None
    right = await gateway.passwords.matches(form.get("password", ""), known, remember=False)
    if account is None or not right:
        await throttle.failed(gateway.pool, username, address)
        door_log.refused(request, door_log.PASSWORD, "not_right", _caller(account))
        return back(target, "not_right")
    await throttle.succeeded(gateway.pool, username, address)
    door_log.let_in(request, door_log.PASSWORD, person_name(account.account_id))
    if account.password_until:
        target = FIRST
    return await signed_in(request, account.account_id, target)


async def signed_in(
    request: Request, account_id: str, target: str, proved_at: datetime | None = None
) -> Response:
    """A fresh session; one the browser brought along is closed, never taken over. `proved_at`: as of
    open_session."""
    gateway = gateway_of(request)
    if old := request.cookies.get(gateway.cookie_name):
        await _closed(gateway, old, await current_session(request, touch=False))
    answer = RedirectResponse(target, status_code=303)
    set_cookie(gateway, answer, await open_session(gateway.pool, account_id, proved_at))
    return answer


async def _sign_out(request: Request) -> Response:
    gateway, form = gateway_of(request), await _form(request)
    session, value = await current_session(request), request.cookies.get(gateway.cookie_name)
    if session and value:
        require_csrf(session, form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER))
        await _closed(gateway, value, session)
    answer = RedirectResponse(SIGN_IN, status_code=303)
    answer.delete_cookie(gateway.cookie_name, path="/", secure=gateway.settings.speaks_tls)
    return answer


async def _closed(gateway: Gateway, value: str, session: Session | None) -> None:
    """Out first; then it is written down that he no longer views as others, if he did."""
    await close_session(gateway.pool, value)
    if session:
        await leave(gateway, session, SESSION_ENDED)


def set_cookie(gateway: Gateway, answer: Response, value: str) -> None:
    answer.set_cookie(
        gateway.cookie_name,
        value,
        max_age=int(ABSOLUTE.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=gateway.settings.speaks_tls,
    )


def local_path(target: str) -> str:
    """`target` when it is a path of ours, else the first page: nobody is sent elsewhere by a link."""
    parts = urlsplit(target)
    clean = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if clean and not parts.scheme and not parts.netloc else "/"


def _caller(account: Account | None) -> str | None:
    return person_name(account.account_id) if account else None


def back(target: str, why: str) -> Response:
    """To the form, which says `why`."""
    return RedirectResponse(
        f"{SIGN_IN}?{urlencode({'failed': why, 'next': target})}", status_code=303
    )


def require_same_origin(request: Request) -> None:
    """A page elsewhere must not sign anyone in. Raises ForbiddenError."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError("Sign in from our own page.", code="csrf")


async def _form(request: Request) -> dict[str, str]:
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=20)
    except ValueError as wrong:
        raise MalformedError("The form could not be read.") from wrong
    return {name: values[0] for name, values in fields.items()}
