"""The person behind a browser's request."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from services.gateway.access.accounts import Emergency
from services.gateway.access.session_store import Viewing, find_session
from services.gateway.viewing.viewed import viewed_by
from services.gateway.wiring import Gateway, gateway_of
from shared.clock import utc_now
from shared.errors import ForbiddenError
from shared.http_edge import CALLER
from shared.methods import SAFE
from shared.principal import Principal
from shared.roles import may_view_as

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"


@dataclass(frozen=True, slots=True)
class Session:
    """`signed_in_at`: when he last proved who he is. `emergency`: access he opened for himself. It is for
    reading: what he writes, he writes without.

    `viewing`: as whom he looks instead of as himself; then `principal` is that one, and emergency access is
    not joined to it.
    """

    principal: Principal
    display_name: str
    csrf_token: str
    signed_in_at: datetime | None = None
    emergency: Emergency | None = None
    viewing: Viewing | None = None


async def current_session(request: Request, *, touch: bool = True) -> Session | None:
    """Who is signed in, or None. `touch`: whether the request counts as use (a live stream does not)."""
    gateway = gateway_of(request)
    value = request.cookies.get(gateway.cookie_name)
    stored = await find_session(gateway.pool, value, touch=touch) if value else None
    known = await gateway.roll.person(stored.account_id) if stored else None
    if known is None or value is None or stored is None:
        return None
    if known.sessions_since and stored.signed_in_at < known.sessions_since:
        return None  # whoever came in by the old password, or by what is unlinked, is out
    setattr(request.state, CALLER, known.principal.client)
    now, reads, token = utc_now(), request.method in SAFE, csrf_token(gateway, value)
    named, since = known.display_name, stored.proved_at or stored.signed_in_at
    viewing = stored.viewing
    if viewing and may_view_as(known.principal.roles):
        seen = await viewed_by(gateway.pool, gateway.policy, known.principal, viewing)
        return Session(seen, named, token, since, viewing=viewing)
    principal = known.in_emergency(now, gateway.policy) if reads else known.principal
    return Session(principal, named, token, since, known.emergency(now))


def csrf_token(gateway: Gateway, cookie_value: str) -> str:
    """Proof that a form was made by a page of this session: a keyed digest of the cookie."""
    key = gateway.secret
    return hmac.new(key, f"csrf {cookie_value}".encode(), hashlib.sha256).hexdigest()


def require_csrf(session: Session, given: str | None) -> None:
    """Raises ForbiddenError unless `given` is the session's token."""
    if not hmac.compare_digest(session.csrf_token.encode(), (given or "").encode()):
        raise ForbiddenError("The form is no longer valid; load the page again.", code="csrf")
