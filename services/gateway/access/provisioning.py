"""One person of an operator's file, as orders: admitted, enrolled, granted what the file says and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.gateway.access.account import Account
from services.gateway.access.account import account as accounts
from services.gateway.access.account_commands import (
    AmendAccount,
    ClearAccount,
    EnrolAccount,
    GrantAccount,
    RevokeGrant,
    SetPassword,
)
from services.gateway.access.administration import operators_request, record_of
from services.gateway.access.client import Client
from services.gateway.access.client import client as clients
from services.gateway.access.client_commands import (
    AddCredential,
    RegisterClient,
    SetClientCeiling,
)
from services.gateway.access.desk import FIRST_PASSWORD_HOLDS, AccessDesk, Secret
from services.gateway.access.partner import AdmitPartner
from services.gateway.access.partner import partner as partners
from services.gateway.access.personas import Persona, organisation_id
from services.gateway.access.standing import Standing
from shared.clock import utc_now
from shared.commands_apply import load
from shared.contracts.gateway import AccountFields, CredentialKind, GrantKind
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId, new_bytes
from shared.values import Text

PASSWORD_BYTES = 16
SECRET_BYTES = 32
WHY = Text(text="As the operator's file says.", lang="en")
Line = Mapping[str, Any]  # Any: JSON


AccountOrders = list[
    EnrolAccount | AmendAccount | ClearAccount | GrantAccount | RevokeGrant | SetPassword
]
ClientOrders = list[RegisterClient | SetClientCeiling | AddCredential]


@dataclass(frozen=True, slots=True)
class Provisioning:
    """`organisations`: record id by key. What stands already makes no event."""

    desk: AccessDesk
    mission: str
    organisations: Mapping[str, str]

    async def line(self, persona: Persona, kept: Line) -> dict[str, Any]:  # Any: JSON
        """The persona's line of the out file; `kept` is that of an earlier run."""
        organisation = organisation_id(persona.organisation, self.mission, self.organisations)
        await self._admitted(organisation, persona.organisation)
        password = await self._account(persona, organisation, kept.get("password"))
        secret = await self._client(persona, kept.get("client_secret"))
        shown = persona.model_dump(mode="json", exclude={"client_level", "language"})
        return shown | {
            "organisation_id": str(organisation),
            "password": password,
            "client_id": persona.client_id,
            "client_secret": secret,
        }

    async def inherited(
        self, persona: Persona, password_hash: str, secret_hash: str | None
    ) -> None:
        """As the release before knew the persona, whose hashes hold on. Repeated, it changes nothing."""
        organisation = organisation_id(persona.organisation, self.mission, self.organisations)
        await self._admitted(organisation, persona.organisation)
        password, secret = f"inherited {persona.id}", f"inherited {persona.client_id}"
        account_orders = _profile(persona, organisation, Account()) + _grants(persona, Account())
        await self.desk.keep_hash(password, password_hash)
        await self._ordered(persona.id, [*account_orders, SetPassword(password, WHY)])
        if secret_hash is not None:
            level = persona.client_level or persona.level
            await self.desk.keep_hash(secret, secret_hash)
            added = AddCredential(CredentialKind.SECRET, secret, WHY)
            await self._ordered_client(
                persona.client_id, [*_registered(persona, level, Client()), added]
            )

    async def _ordered(self, account_id: str, orders: AccountOrders) -> None:
        record_id = record_of(Kind.ACCOUNT, account_id, self.mission)
        for order in orders:
            await self.desk.account(record_id, order, self._request())

    async def _ordered_client(self, client_id: str, orders: ClientOrders) -> None:
        record_id = record_of(Kind.CLIENT, client_id, self.mission)
        for order in orders:
            await self.desk.client(record_id, order, self._request())

    async def _admitted(self, organisation: RecordId, name: str) -> None:
        record_id = record_of(Kind.PARTNER, str(organisation), self.mission)
        known = await load(self.desk.kit, partners, record_id, self._request().principal)
        if known.state.status is Standing.ABSENT:
            levels = self.desk.kit.policy.levels
            highest = max(levels, key=lambda level: level.ordinal).id
            admit = AdmitPartner(organisation, Text(text=name, lang="en"), highest, WHY)
            await self.desk.partner(record_id, admit, self._request())

    async def _account(self, persona: Persona, organisation: RecordId, kept: str | None) -> str:
        """The person's password."""
        record_id = record_of(Kind.ACCOUNT, persona.id, self.mission)
        state = (await load(self.desk.kit, accounts, record_id, self._request().principal)).state
        commands = _profile(persona, organisation, state) + _grants(persona, state)
        password = kept or new_bytes(PASSWORD_BYTES).hex()
        if state.password is None or kept is None:
            commands.append(SetPassword(await self._kept(password, self._first()), WHY))
        await self._ordered(persona.id, commands)
        return password

    async def _client(self, persona: Persona, kept: str | None) -> str:
        """The client's secret; a new one ends those before it at once."""
        record_id = record_of(Kind.CLIENT, persona.client_id, self.mission)
        state = (await load(self.desk.kit, clients, record_id, self._request().principal)).state
        level = persona.client_level or persona.level
        commands = _registered(persona, level, state)
        secret = kept or new_bytes(SECRET_BYTES).hex()
        if not state.credentials or kept is None:
            kind, credential_id = CredentialKind.SECRET, await self._kept(secret)
            commands.append(AddCredential(kind, credential_id, WHY, overlap=timedelta(0)))
        await self._ordered_client(persona.client_id, commands)
        return secret

    def _first(self) -> datetime | None:
        """When a password of the file ends. In an exercise never: there they are the exercise's own."""
        return None if self.desk.kit.exercise else utc_now() + FIRST_PASSWORD_HOLDS

    async def _kept(self, value: str, until: datetime | None = None) -> str:
        """The id under which the hash of `value` is kept."""
        secret = Secret(new_bytes(16).hex(), value)
        await self.desk.keep(secret, until)
        return secret.credential_id

    def _request(self) -> CommandRequest:
        return operators_request(self.desk.kit.policy, self.mission)


def _profile(persona: Persona, organisation: RecordId, state: Account) -> AccountOrders:
    fields = AccountFields(
        username=persona.username,
        display_name=Text(text=persona.name, lang=persona.language),
        organisation_id=organisation,
        language=persona.language,
    )
    if state.status is Standing.ABSENT:
        return [EnrolAccount(persona.id, fields, persona.level, WHY)]
    return [AmendAccount(fields, WHY), ClearAccount(persona.level, WHY)]


def _grants(persona: Persona, state: Account) -> AccountOrders:
    wanted = {(GrantKind.ROLE, str(role)) for role in persona.roles}
    wanted |= {(GrantKind.COMMUNITY, name) for name in persona.communities}
    wanted |= {(GrantKind.CAVEAT, name) for name in persona.caveats}
    orders: AccountOrders = [
        RevokeGrant(kind, name, WHY) for kind, name in sorted(state.grants.keys() - wanted)
    ]
    return orders + [GrantAccount(kind, name, WHY) for kind, name in sorted(wanted)]


def _registered(persona: Persona, level: str, state: Client) -> ClientOrders:
    if state.status is Standing.ABSENT:
        name = Text(text=f"{persona.name}: client", lang=persona.language)
        return [RegisterClient(persona.client_id, persona.id, name, level, WHY)]
    return [SetClientCeiling(level, WHY)]
