"""A person's own password and sessions: changed and ended by himself, each time with the present password.

The page around it is the web's; it is told what came of it by the address it is led back to.
"""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.gateway import door_log
from services.gateway.access import throttle
from services.gateway.access.account_commands import ChoosePassword
from services.gateway.access.accounts import Account, account_by_id
from services.gateway.access.administration import in_office
from services.gateway.access.desk import Secret
from services.gateway.access.password_rules import weakness
from services.gateway.access.session_store import close_others, open_session
from services.gateway.emergency.acting import is_fresh
from services.gateway.sessions import CSRF_FIELD, Session, current_session, require_csrf
from services.gateway.sign_in import SIGN_IN, set_cookie
from services.gateway.wiring import Gateway, gateway_of
from shared import trace
from shared.errors import MalformedError
from shared.idempotency import CommandRequest
from shared.ids import RecordId, new_bytes
from shared.values import Text

PAGE = "/password"
WHY = "Changed by its holder."
ID_BYTES, KEY_BYTES = 16, 16
FIELDS = 10
_RECORD = "select record_id from access_accounts where account_id = $1"


def own_password_routes() -> list[Route]:
    return [
        Route(PAGE, _change, methods=["POST"]),
        Route("/sessions/end", _end_others, methods=["POST"]),
    ]


async def _change(request: Request) -> Response:
    """Sets it, ends every session of the person, and opens a new one for this browser."""
    gateway, form = gateway_of(request), await _form(request)
    session = await _session(request, form)
    if isinstance(session, Response):
        return session
    account, wrong = await _proved(request, session, form.get("current", ""))
    if wrong is None and account is not None:
        wrong = await _unfit(gateway, account, form)
    if wrong is not None:
        return _back(f"wrong={wrong}")
    await _set(gateway, session, form["new"])
    answer = _back("done=changed")
    value = await open_session(gateway.pool, session.principal.subject)
    await close_others(gateway.pool, session.principal.subject, value)
    set_cookie(gateway, answer, value)
    return answer


async def _end_others(request: Request) -> Response:
    gateway, form = gateway_of(request), await _form(request)
    session = await _session(request, form)
    if isinstance(session, Response):
        return session
    account = await account_by_id(gateway.pool, session.principal.subject)
    if account and account.password_hash is None:  # he comes in otherwise
        wrong = None if is_fresh(session) else "sign_in_again"
    else:
        _, wrong = await _proved(request, session, form.get("current", ""))
    if wrong is not None:
        return _back(f"unended={wrong}")
    here = request.cookies[gateway.cookie_name]
    await close_others(gateway.pool, session.principal.subject, here)
    return _back("done=ended")


async def _session(request: Request, form: dict[str, str]) -> Session | Response:
    """Whose it is, or where it leads who has none, or views as others."""
    session = await current_session(request)
    if session is None:
        return RedirectResponse(f"{SIGN_IN}?next={PAGE}", 303)
    require_csrf(session, form.get(CSRF_FIELD))
    return RedirectResponse(PAGE, 303) if session.viewing else session  # the page says why not


async def _proved(
    request: Request, session: Session, password: str
) -> tuple[Account | None, str | None]:
    """Whose password it is, or why it does not prove anything: a code."""
    gateway, caller = gateway_of(request), session.principal.client
    address = request.client.host if request.client else ""
    account = await account_by_id(gateway.pool, session.principal.subject)
    username = account.username if account else ""
    try:
        await throttle.check(gateway.pool, username, address)
    except throttle.TooManyError:
        door_log.refused(request, door_log.PASSWORD, "too_many", caller)
        return None, "too_many"
    known = account.password_hash if account else None
    if not await gateway.passwords.matches(password, known, remember=False):
        await throttle.failed(gateway.pool, username, address)
        door_log.refused(request, door_log.PASSWORD, "not_right", caller)
        return None, "not_right"
    await throttle.succeeded(gateway.pool, username, address)
    return account, None


async def _unfit(gateway: Gateway, account: Account, form: dict[str, str]) -> str | None:
    """Why the new one cannot be taken: a code."""
    new, settings = form.get("new", ""), gateway.settings
    if new != form.get("again", ""):
        return "differs"
    if new == form.get("current", ""):
        return "same"
    names = (settings.mission, settings.site, account.username, account.display_name)
    weak = weakness(new, names)
    if weak is None and await gateway.known_passwords.has(new):
        return "known"
    return weak


async def _set(gateway: Gateway, session: Session, password: str) -> None:
    principal, mission = session.principal, gateway.settings.mission
    secret = Secret(new_bytes(ID_BYTES).hex(), password)
    await gateway.access.keep(secret)
    record_id = RecordId.parse(await gateway.pool.fetchval(_RECORD, principal.subject))
    request = CommandRequest(
        principal=in_office(principal, gateway.policy, mission),
        idempotency_key=new_bytes(KEY_BYTES).hex(),
        route="own password",
        digest=b"",
        traceparent=str(trace.current() or trace.new_trace()),
    )
    reason = Text(text=WHY, lang="en")
    await gateway.access.account(record_id, ChoosePassword(secret.credential_id, reason), request)
    gateway.roll.forget()


def _back(told: str) -> Response:
    return RedirectResponse(f"{PAGE}?{told}", 303)


async def _form(request: Request) -> dict[str, str]:
    """Values exactly as they were typed."""
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=FIELDS)
    except ValueError as wrong:
        raise MalformedError("The form could not be read.") from wrong
    return {name: values[0] for name, values in fields.items()}
