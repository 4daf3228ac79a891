"""What the pages ask of oversight, answered as the API answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.access.accounts import account_by_id
from services.gateway.explaining.foretelling import Audience, Order, extract_to_be, read_by
from services.gateway.explaining.previewing import Asked, Wanted, preview
from services.gateway.explaining.routes import explained
from services.gateway.explaining.who import principals
from services.gateway.explaining.why import View
from services.gateway.reads.channels import Channel
from services.gateway.reads.routes import reads_page
from services.gateway.wiring import Gateway
from shared.principal import Principal

PAGE_READS = 25
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class GatewayOversight:
    gateway: Gateway

    async def explained(self, principal: Principal, view: View) -> Json:
        return (await explained(self.gateway, principal, view)).model_dump(mode="json")

    async def previewed(
        self, view: View, named: Sequence[View], wanted: Wanted, audience: Audience
    ) -> Json:
        let_in = await principals(self.gateway.pool, self.gateway.policy)
        return preview(self.gateway.policy, Asked(view, named, wanted, *audience), let_in)

    async def extract_to_be(
        self, principal: Principal, service: str, path: str, body: View
    ) -> Json:
        upstream, order = self.gateway.upstream.by(Channel.PAGE), Order(service, path, body)
        found = await extract_to_be(upstream, self.gateway.policy, principal, order)
        return {"view": found.view, "needs": found.needs}

    async def read_by(
        self, view: View, named: Sequence[View], audiences: Sequence[Audience]
    ) -> Json:
        let_in = await principals(self.gateway.pool, self.gateway.policy)
        return read_by(self.gateway.policy, view, named, audiences, let_in)

    async def seen_by(self, principal: Principal, view: View, cursor: str | None) -> Json:
        page = await reads_page(self.gateway, principal, view, PAGE_READS, cursor)
        return page.model_dump(mode="json")

    async def called(self, principal: Principal, account_id: str) -> str:
        account = await account_by_id(self.gateway.pool, account_id)
        ours = str(principal.organisation)
        return account.display_name if account and account.organisation_id == ours else ""
