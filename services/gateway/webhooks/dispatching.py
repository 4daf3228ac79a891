"""Brings messages to their receivers: by one replica of the gateway at a time, each webhook by itself.

A slow receiver keeps nobody else waiting. If two replicas ever did the same work, a receiver would get
the same message twice under the same id.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from services.gateway.feed.wake import LOOK_ANYWAY_SECONDS
from services.gateway.webhooks import messages, store
from services.gateway.webhooks.filling import take_over
from services.gateway.webhooks.outgoing import open_outgoing
from services.gateway.webhooks.schedule import Schedule
from services.gateway.webhooks.sending import Sending
from services.gateway.webhooks.store import State
from services.gateway.wiring import Gateway
from shared.clock import utc_now
from shared.database import is_passing
from shared.errors import AppError
from shared.leases import LEASE_SECONDS, RENEW_SECONDS, Lease

WORK = "webhooks"
OUTAGE_SECONDS = 2.0
FAULT_SECONDS = 30.0
# How long something that holds a webhook back may last before it is looked at again.
LOOK_SECONDS = 1.0
SWEEP_SECONDS = 3600.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Dispatcher:
    sending: Sending
    serving: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    leads_until: float = float("-inf")
    swept_at: float = float("-inf")

    async def run(self) -> None:
        """For as long as the gateway runs: leads while it holds the lease, else stands by."""
        lease = Lease(self.sending.gateway.pool, WORK)
        try:
            while True:
                await self._look(lease)
                await asyncio.sleep(RENEW_SECONDS)
        finally:
            await self._stop(*self.serving)
            with suppress(Exception):  # it ends by itself
                await lease.release()

    async def _look(self, lease: Lease) -> None:
        """What others must do from now on is stopped here; in an outage, once the lease may be over."""
        pool, now = self.sending.gateway.pool, time.monotonic()
        try:
            wanted = await store.active(pool) if await lease.hold() else set()
            await self._sweep(now)
        except Exception as fault:  # noqa: BLE001 - told, and looked at again soon
            _tell(fault)
            if now < self.leads_until:
                return
            wanted = set()
        else:
            self.leads_until = now + LEASE_SECONDS - RENEW_SECONDS
        await self._stop(*(self.serving.keys() - wanted))
        for webhook_id in wanted - self.serving.keys():
            self.serving[webhook_id] = asyncio.create_task(self._serve(webhook_id))

    async def _serve(self, webhook_id: str) -> None:
        """One webhook, until it is stopped. A fault of one is none of the others'."""
        while True:
            seen = self.sending.gateway.wake.count
            try:
                pause = await self._step(webhook_id)
            except AppError:
                pause = OUTAGE_SECONDS
            except Exception as fault:  # noqa: BLE001 - it stops this webhook for a while, not the rest
                pause = OUTAGE_SECONDS if is_passing(fault) else FAULT_SECONDS
                _tell(fault)
            if pause == LOOK_ANYWAY_SECONDS:
                await self.sending.gateway.wake.after(seen, pause)
            else:
                await asyncio.sleep(pause)

    async def _step(self, webhook_id: str) -> float:
        """Does the next thing there is to do. Seconds to wait before the one after it."""
        gateway = self.sending.gateway
        hook = await store.webhook(gateway.pool, webhook_id)
        if hook is None or hook.state is not State.ACTIVE:
            return LOOK_SECONDS
        known = await gateway.roll.client(hook.client_id)
        if known is None:  # suspended: nothing goes out, and nothing is lost meanwhile
            return LOOK_SECONDS
        if hook.next_at is not None and hook.next_at > utc_now():
            return min(LOOK_SECONDS, (hook.next_at - utc_now()).total_seconds())
        message = await messages.next_waiting(gateway.pool, webhook_id)
        if message is not None:
            await self.sending.attempt(known.principal, hook, message)
            return 0.0
        more = await take_over(gateway, known.principal, hook)
        return 0.0 if more else LOOK_ANYWAY_SECONDS

    async def _sweep(self, now: float) -> None:
        if now - self.swept_at > SWEEP_SECONDS:
            before = utc_now() - timedelta(days=messages.KEPT_DAYS)
            await messages.sweep(self.sending.gateway.pool, before)
            self.swept_at = now

    async def _stop(self, *webhook_ids: str) -> None:
        stopped = [self.serving.pop(each) for each in webhook_ids]
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)


@asynccontextmanager
async def sending_webhooks(gateway: Gateway) -> AsyncIterator[Sending]:
    """While open, webhooks are served, here or by another replica."""
    settings = gateway.settings
    guard, schedule = settings.webhook_guard, Schedule(settings.webhook_window_seconds)
    async with open_outgoing(guard, settings.webhook_ca_file) as outgoing:
        sending = Sending(gateway, outgoing, schedule)
        running = asyncio.create_task(Dispatcher(sending).run())
        try:
            yield sending
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


def _tell(fault: Exception) -> None:
    if is_passing(fault):
        _log.warning("webhooks wait for an outage to pass", extra={"error": type(fault).__name__})
    else:
        _log.error("a webhook met a fault", exc_info=fault)
