"""What the pages ask of viewing as others."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request

from services.gateway.access.administration import hatted
from services.gateway.sessions import Session, current_session
from services.gateway.viewing import acting
from services.gateway.viewing.looking import viewings_of
from services.gateway.wiring import Gateway, gateway_of
from shared.errors import UnauthenticatedError
from shared.principal import Principal

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class GatewayViewings:
    gateway: Gateway

    async def organisations(self, principal: Principal) -> Sequence[str]:
        acting.check_may(principal)
        return await acting.organisations(self.gateway, principal)

    async def begin(self, request: Request, key: str, audience: str) -> None:
        value = request.cookies.get(gateway_of(request).cookie_name, "")
        await acting.begin(self.gateway, value, await _session(request), key, audience)

    async def leave(self, request: Request, key: str) -> None:
        await acting.leave(self.gateway, await _session(request), key)

    async def of_person(self, principal: Principal, account_id: str) -> Sequence[Json]:
        hatted(principal, self.gateway.policy, self.gateway.settings.mission)
        return [asdict(one) for one in await viewings_of(self.gateway.pool, account_id)]


async def _session(request: Request) -> Session:
    session = await current_session(request, touch=False)
    if session is None:
        raise UnauthenticatedError("Sign in first.")
    return session
