"""The delivery log of a webhook page by page, for the API and for the page alike."""

from services.gateway.webhooks import messages
from services.gateway.webhooks.messages import Message, Settled
from services.gateway.webhooks.schemas import WebhookMessage, WebhookMessages
from services.gateway.webhooks.store import Webhook
from services.gateway.wiring import Gateway
from shared.principal import Principal
from shared.sealed_tokens import Purpose

LAST = 2**62
STATES = ("waiting", *(str(state) for state in Settled))


class OtherQueryError(Exception):
    """The cursor belongs to another query."""


async def log_page(
    gateway: Gateway,
    principal: Principal,
    hook: Webhook,
    of: tuple[str | None, str | None],
    size: int,
) -> WebhookMessages:
    """The latest first. `of`: the state asked for, and the cursor. Raises OtherQueryError, MalformedError."""
    (state, cursor), before = of, LAST
    query = [hook.webhook_id, state]
    if cursor is not None:
        kept = gateway.book.open(Purpose.PAGE, principal.client, cursor)
        if kept.get("q") != query:
            raise OtherQueryError
        before = kept["n"]
    found = await messages.page(
        gateway.pool, hook.webhook_id, before=before, state=state, limit=size + 1
    )
    following = None
    if len(found) > size:
        content = {"q": query, "n": found[size - 1].number}
        following = gateway.book.seal(Purpose.PAGE, principal.client, content)
    return WebhookMessages(items=[logged(one) for one in found[:size]], next_cursor=following)


def logged(message: Message) -> WebhookMessage:
    return WebhookMessage.model_validate(
        {
            "id": message.message_id,
            "type": message.type,
            "record_id": message.change["record_id"] if message.change else None,
            "state": message.state,
            "attempts": message.attempts,
            "queued_at": message.queued_at,
            "settled_at": message.settled_at,
        }
    )
