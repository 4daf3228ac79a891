"""Pages of the read log: sealed cursors, bound to who asks and to what he asks after."""

from services.gateway.partner_api.queries import wrong_parameter
from services.gateway.reads.looking import LATEST, Place
from services.gateway.wiring import Gateway
from shared.principal import Principal
from shared.sealed_tokens import Purpose


def before(gateway: Gateway, principal: Principal, of: str, cursor: str | None) -> Place:
    """Where the page begins. Raises MalformedError unless we sealed the cursor for this question."""
    if cursor is None:
        return LATEST
    content = gateway.book.open(Purpose.PAGE, principal.client, cursor)
    if content.get("of") != of:
        raise wrong_parameter("cursor", "This cursor belongs to another query.")
    return Place(*content["at"])


def following(
    gateway: Gateway, principal: Principal, of: str, found: list[Place], size: int
) -> str | None:
    """The next page's cursor; None when all that was found is on this one."""
    if len(found) <= size:
        return None
    last = found[size - 1]
    content = {"of": of, "at": [last.position, last.number]}
    return gateway.book.seal(Purpose.PAGE, principal.client, content)
