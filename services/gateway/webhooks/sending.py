"""One attempt: authorised anew, rendered anew, signed anew. What may no longer be told is withdrawn."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from services.gateway.feed import cloud_events
from services.gateway.feed.changes import REVOKED, what_of
from services.gateway.partner_api.reading import views_of
from services.gateway.partner_api.views import rendered
from services.gateway.reads.channels import Channel
from services.gateway.webhooks import messages, store
from services.gateway.webhooks.messages import Message, Settled
from services.gateway.webhooks.outgoing import GONE, Outcome, Outgoing
from services.gateway.webhooks.schedule import Schedule
from services.gateway.webhooks.signing import Pair, opened_pairs, signed_headers
from services.gateway.webhooks.store import Webhook
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.principal import Principal

RECEIVER_GONE, RECEIVER_AWAY = "gone", "window_over"
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Sending:
    gateway: Gateway
    outgoing: Outgoing
    schedule: Schedule

    async def attempt(self, principal: Principal, hook: Webhook, message: Message) -> None:
        """Raises AppError when it cannot be rendered just now: then nothing was tried."""
        event = await self._event(principal, hook, message)
        pool = self.gateway.pool
        if event is None:
            await messages.settle(pool, hook.webhook_id, message, Settled.WITHDRAWN, utc_now())
            return
        began = time.monotonic()
        outcome = await self.post(hook, message.message_id, event)
        tried = _with_attempt(message, outcome, time.monotonic() - began)
        if outcome.why is None:
            await messages.settle(pool, hook.webhook_id, tried, Settled.DELIVERED, utc_now())
        else:
            await self._failed(hook, tried, outcome)

    async def post(
        self,
        hook: Webhook,
        message_id: str,
        event: Mapping[str, Any],  # Any: JSON
        *,
        reads: bool = False,
    ) -> Outcome:
        body = orjson.dumps(event)
        now = int(utc_now().timestamp())
        headers = signed_headers(self.signing(hook), message_id, now, body)
        return await self.outgoing.post(hook.url, headers, body, reads=reads)

    def signing(self, hook: Webhook) -> tuple[Pair, ...]:
        """The present secrets; before the end of a rotation's overlap the previous ones too."""
        wrapping = self.gateway.settings.wrapping
        pairs = opened_pairs(wrapping, hook.webhook_id, hook.secrets)
        overlaps = hook.overlap_until is not None and utc_now() < hook.overlap_until
        return pairs if overlaps else pairs[:1]

    async def _failed(self, hook: Webhook, tried: Message, outcome: Outcome) -> None:
        now, pool = utc_now(), self.gateway.pool
        since, failures = hook.failing_since or now, hook.failures + 1
        following = self.schedule.next_attempt(now, since, failures, outcome.retry_after_seconds)
        if outcome.status == GONE or following is None:
            await messages.note_attempts(pool, hook.webhook_id, tried)
            why = RECEIVER_GONE if outcome.status == GONE else RECEIVER_AWAY
            await store.disable(pool, hook.webhook_id, why)
            return
        await messages.failed(pool, hook.webhook_id, tried, since, failures, following)

    async def _event(self, principal: Principal, hook: Webhook, message: Message) -> Json | None:
        """The CloudEvent as it may be told now; None when it may not."""
        change = message.change
        if change is None:
            return cloud_events.plain(self.gateway, message.message_id, message.type)
        if what_of(change) == REVOKED:  # by id alone, to one who could read it before
            return cloud_events.changed(self.gateway, principal, change, None)
        record_id = change["record_id"]
        channel = Channel.WEBHOOK if hook.include_record else Channel.UNSEEN
        read = self.gateway.upstream.by(channel)
        view = (await views_of(read, principal, [record_id])).get(record_id)
        if view is None or change["group"] in view.get("withheld", ()):
            return None
        record = rendered(self.gateway.secret, view) if hook.include_record else None
        return cloud_events.changed(self.gateway, principal, change, record)


def _with_attempt(message: Message, outcome: Outcome, seconds: float) -> Message:
    attempt = {
        "at": utc_now().isoformat(),
        "status": outcome.status,
        "why": outcome.why,
        "duration_milliseconds": round(seconds * 1000),
    }
    return replace(message, attempts=[*message.attempts, attempt])
