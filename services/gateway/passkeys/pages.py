"""What the pages ask about passkeys."""

from dataclasses import dataclass

from starlette.requests import Request

from services.gateway.emergency.acting import is_fresh
from services.gateway.passkeys import acting
from services.gateway.passkeys.party import party_of
from services.gateway.web.ports import Session, View
from services.gateway.web.ports_signing_in import OwnPasskeys
from services.gateway.wiring import Gateway


@dataclass(frozen=True, slots=True)
class GatewayPasskeys:
    gateway: Gateway

    def offered_at(self, request: Request) -> bool:
        party = party_of(self.gateway.settings.public_url)
        return party is not None and request.headers.get("host", "").lower() == party.host

    @property
    def address(self) -> str | None:
        party = party_of(self.gateway.settings.public_url)
        return party.origin if party else None

    async def own(self, session: Session) -> OwnPasskeys:
        account = await acting.held(self.gateway, session)
        used = await acting.uses(self.gateway, account.passkeys)
        listed: list[View] = [one | {"used_at": used.get(one["id"])} for one in account.passkeys]
        return OwnPasskeys(listed, is_fresh(session))

    async def rename(self, session: Session, key: str, passkey_id: str, name: str) -> None:
        await acting.rename(self.gateway, session, key, passkey_id, name)

    async def remove(self, session: Session, key: str, passkey_id: str) -> None:
        await acting.remove(self.gateway, session, key, passkey_id)
