"""Pages of emergency access: sealed cursors, bound to who asks."""

from datetime import UTC, datetime

from services.gateway.emergency.acting import told
from services.gateway.emergency.looking import openings
from services.gateway.emergency.schemas import OpeningsShown
from services.gateway.partner_api.queries import wrong_parameter
from services.gateway.wiring import Gateway
from shared.principal import Principal
from shared.roles import administers
from shared.sealed_tokens import Purpose

LATEST = (datetime.max.replace(tzinfo=UTC), "")
OF = "break_glass"


async def openings_page(
    gateway: Gateway, principal: Principal, size: int, cursor: str | None
) -> OpeningsShown:
    """One's own; everybody's for security officers."""
    before = LATEST
    if cursor is not None:
        content = gateway.book.open(Purpose.PAGE, principal.client, cursor)
        if content.get("of") != OF:
            raise wrong_parameter("cursor", "This cursor belongs to another query.")
        before = (datetime.fromisoformat(content["at"]), content["id"])
    account = None if administers(principal.roles) else principal.subject
    found = await openings(gateway.pool, account, before, size + 1)
    following = None
    if len(found) > size:
        last = found[size - 1]
        content = {"of": OF, "at": last.opened_at.isoformat(), "id": last.record_id}
        following = gateway.book.seal(Purpose.PAGE, principal.client, content)
    return OpeningsShown(items=[told(one) for one in found[:size]], next_cursor=following)
