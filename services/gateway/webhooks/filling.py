"""Takes what changed for a webhook's client over from the feed: the same changes, the same cursor."""

from services.gateway.feed import cloud_events
from services.gateway.feed.changes import opened, pull, sealed
from services.gateway.webhooks import messages
from services.gateway.webhooks.messages import New
from services.gateway.webhooks.store import Webhook
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.errors import MalformedError
from shared.principal import Principal


async def take_over(gateway: Gateway, principal: Principal, hook: Webhook) -> bool:
    """Whether there may be more at once. The messages and the place they reach to are kept together.

    Nothing is taken over while anything waits, so a receiver that is away holds its place in the feed
    and never fills our tables.
    """
    since = None
    if hook.cursor is not None:
        try:
            since = opened(gateway, principal, hook.cursor)
        except MalformedError:  # sealed with secrets this installation no longer has
            return await _start_over(gateway, principal, hook)
    pulled = await pull(gateway, principal, since, shared=True)
    reached = sealed(gateway, principal, pulled.cursor)
    new = [
        New(told["id"], told["type"], dict(change))
        for change, _ in pulled.changes
        if not hook.kinds or change["kind"] in hook.kinds
        for told in [cloud_events.changed(gateway, principal, change, None)]
    ]
    if pulled.reset:
        new = [_reset(gateway, reached)]
    moved = since is None or pulled.cursor != since
    if new or moved:
        await messages.add(gateway.pool, hook.webhook_id, new, utc_now(), reached)
    return bool(new) or pulled.more


async def _start_over(gateway: Gateway, principal: Principal, hook: Webhook) -> bool:
    cursor = sealed(gateway, principal, (await pull(gateway, principal, None)).cursor)
    new = [_reset(gateway, cursor)]
    await messages.add(gateway.pool, hook.webhook_id, new, utc_now(), cursor)
    return True


def _reset(gateway: Gateway, cursor: str) -> New:
    told = cloud_events.reset(gateway, cursor)
    return New(told["id"], told["type"], None)
