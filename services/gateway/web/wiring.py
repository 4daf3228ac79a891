"""The pages on the gateway itself: its sessions, its services, and its memory of what each client wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from services.gateway.feed.changes import pull, sealed
from services.gateway.positions import Memory
from services.gateway.sessions import current_session
from services.gateway.upstream import ServiceAnswer, Upstream
from services.gateway.web.dashboard import Dashboard, dashboard
from services.gateway.wiring import Gateway, gateway_of
from shared.principal import Principal


@dataclass(frozen=True, slots=True)
class RememberingUpstream:
    """Reads include what the same client wrote before: he lands on a page that shows what he sent."""

    upstream: Upstream
    memory: Memory

    async def get(
        self, service: str, path: str, params: Mapping[str, str], principal: Principal
    ) -> dict[str, Any]:  # Any: JSON
        wrote = self.memory.recall(principal.client)
        return await self.upstream.get(service, path, params, principal, at_least=wrote)

    async def command(
        self,
        service: str,
        method: str,
        path: str,
        body: Mapping[str, Any],  # Any: JSON
        principal: Principal,
        headers: Mapping[str, str],
    ) -> ServiceAnswer:
        answer = await self.upstream.command(service, method, path, body, principal, headers)
        told = answer.body
        if "position" in told:
            self.memory.remember(principal.client, service, told["epoch"], told["position"])
        return answer


def gateway_dashboard(gateway: Gateway) -> Dashboard:
    upstream = RememberingUpstream(gateway.upstream, gateway.memory)
    return dashboard(gateway.policy, upstream, current_session, _place, exercise=gateway.exercise)


async def _place(request: Request, principal: Principal) -> str:
    gateway = gateway_of(request)
    return sealed(gateway, principal, (await pull(gateway, principal, None)).cursor)
