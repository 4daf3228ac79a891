"""What the pages ask of webhooks, answered and done as the API does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.webhooks import acting, messages, store
from services.gateway.webhooks.listing import STATES, OtherQueryError, log_page
from services.gateway.webhooks.owning import webhook_of, webhooks_of
from services.gateway.webhooks.routes import shown, with_secret
from services.gateway.webhooks.sending import Sending
from services.gateway.webhooks.store import Webhook
from shared.errors import NotFoundError
from shared.principal import Principal

PAGE_MESSAGES = 25
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class GatewayWebhookOffice:
    sending: Sending

    async def listed(self, principal: Principal) -> list[Json]:
        found = await webhooks_of(self.sending.gateway.pool, principal)
        return [self._shown(hook) for hook in found]

    async def one(self, principal: Principal, webhook_id: str) -> Json:
        return self._shown(await self._hook(principal, webhook_id))

    async def log(self, principal: Principal, webhook_id: str, query: Mapping[str, str]) -> Json:
        """`query`: `state` and `cursor`. A cursor of another query begins anew."""
        gateway, hook = self.sending.gateway, await self._hook(principal, webhook_id)
        state = query.get("state") if query.get("state") in STATES else None
        cursor = query.get("cursor")
        try:
            page = await log_page(gateway, principal, hook, (state, cursor), PAGE_MESSAGES)
        except OtherQueryError:
            page = await log_page(gateway, principal, hook, (state, None), PAGE_MESSAGES)
        return page.model_dump(mode="json")

    async def act(self, principal: Principal, webhook_id: str, verb: str, key: str) -> Json:
        hook, told = await self._hook(principal, webhook_id), dict[str, Any]()
        match verb:
            case "activate":
                await acting.activate_as_owner(self.sending, hook)
            case "disable":
                await acting.disable(self.sending, hook)
            case "ping":
                told["message_id"] = await acting.ping(self.sending, hook, key)
            case "rotate":
                rotated = await acting.rotate(self.sending, hook, key)
                told = with_secret(self.sending, rotated).model_dump(mode="json")
            case "delete":
                await store.delete(self.sending.gateway.pool, hook.webhook_id)
            case _:
                raise NotFoundError
        return told

    async def replay(
        self,
        principal: Principal,
        webhook_id: str,
        message_ids: list[str] | None,
        period: tuple[datetime | None, datetime | None],
    ) -> int:
        hook, (since, until) = await self._hook(principal, webhook_id), period
        pool = self.sending.gateway.pool
        queued = await messages.replay(pool, hook.webhook_id, message_ids, since, until)
        self.sending.gateway.wake.call()
        return queued

    async def _hook(self, principal: Principal, webhook_id: str) -> Webhook:
        return await webhook_of(self.sending.gateway.pool, principal, webhook_id)

    def _shown(self, hook: Webhook) -> Json:
        return shown(self.sending, hook).model_dump(mode="json")
