"""Where orders about access are carried out: decided by events, in force when they are answered."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from services.gateway.access import account_commands, client_commands, partner
from services.gateway.access.account import account as accounts
from services.gateway.access.client import client as clients
from services.gateway.access.identities import identity_id
from services.gateway.access.partner import partner as partners
from services.gateway.access.passwords import hashed
from services.gateway.access.projection import AccessProjection
from services.gateway.access.turns import Turns
from services.gateway.emergency import glass as emergency
from services.gateway.viewing import viewing as viewings
from shared.commands import execute
from shared.commands_kit import Kit, Outcome
from shared.contracts.gateway import IdentityKind
from shared.database import Pool, asking
from shared.decider import C, Decider, E, S
from shared.errors import NotFoundError, RejectedError, invalid
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId

# A password somebody was given; within this time he chooses his own.
FIRST_PASSWORD_HOLDS = timedelta(hours=72)
_STORE_HASH = """insert into credentials (credential_id, secret_hash, holds_until) values ($1, $2, $3)
    on conflict (credential_id) do nothing"""
_TAKEN = "select account_id from access_accounts where username = $1 and account_id <> $2"
_LINKED = """select account_id from access_accounts
    where identities @> $1::jsonb and record_id <> $2"""
_ADMITTED = "select 1 from access_partners where organisation_id = $1"
_ENROLLED = "select 1 from access_accounts where account_id = $1"


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or client secret, shown once. The same request repeated makes the same again."""

    credential_id: str
    value: str


@dataclass(frozen=True, slots=True)
class AccessDesk:
    """Carries out what is ordered. Requests come from the administration (administration.hatted).

    Raises as `execute` does, and asyncpg's errors.
    """

    kit: Kit
    pool: Pool
    projection: AccessProjection
    turns: Turns

    def new_id(self, kind: Kind, request: CommandRequest) -> RecordId:
        """Of a record that `request` makes: the same for its repetitions."""
        return RecordId(kind, UUID(bytes=self._derived(request, f"new {kind}")[:16]))

    def new_secret(self, request: CommandRequest) -> Secret:
        credential_id = self._derived(request, "credential")[:16].hex()
        return Secret(credential_id, self._derived(request, "secret").hex())

    async def keep(self, secret: Secret, until: datetime | None = None) -> None:
        """Its hash, so that it can be named. Without an event that names it, it opens nothing.

        `until`: it holds no longer; None: as long as it is named.
        """
        value = await asyncio.to_thread(hashed, secret.value)  # slow by design
        await self.keep_hash(secret.credential_id, value, until)

    async def keep_hash(
        self, credential_id: str, secret_hash: str, until: datetime | None = None
    ) -> None:
        async with asking(self.pool) as connection:
            await connection.execute(_STORE_HASH, credential_id, secret_hash, until)

    async def partner(
        self, record_id: RecordId, command: partner.Command, request: CommandRequest
    ) -> Outcome:
        return await self._carried_out(partners, record_id, command, request)

    async def account(
        self, record_id: RecordId, command: account_commands.Command, request: CommandRequest
    ) -> Outcome:
        match command:
            case account_commands.EnrolAccount(account_id, fields):
                pass
            case account_commands.AmendAccount(fields):
                account_id = await self._account_of(record_id)
            case account_commands.LinkIdentity(issuer, kind, identity):
                named = identity_id(issuer, kind, identity)
                return await self._linked(record_id, named, command, request)
            case account_commands.RecogniseIdentity(issuer, subject):
                named = identity_id(issuer, IdentityKind.SUBJECT, subject)
                return await self._linked(record_id, named, command, request)
            case _:
                return await self._carried_out(accounts, record_id, command, request)
        async with self._in_turn():
            await self._check_fields(account_id, fields.username, fields.organisation_id)
            return await self._carried_out(accounts, record_id, command, request)

    async def _linked(
        self,
        record_id: RecordId,
        named: str,
        command: account_commands.Command,
        request: CommandRequest,
    ) -> Outcome:
        async with self._in_turn():
            await self._check_unlinked(record_id, named)
            return await self._carried_out(accounts, record_id, command, request)

    async def glass(
        self, record_id: RecordId, command: emergency.Command, request: CommandRequest
    ) -> Outcome:
        return await self._carried_out(emergency.glass, record_id, command, request)

    async def viewing(
        self, record_id: RecordId, command: viewings.Command, request: CommandRequest
    ) -> Outcome:
        return await self._carried_out(viewings.viewing, record_id, command, request)

    async def client(
        self, record_id: RecordId, command: client_commands.Command, request: CommandRequest
    ) -> Outcome:
        if isinstance(command, client_commands.RegisterClient):
            async with asking(self.pool) as connection:
                if not await connection.fetchval(_ENROLLED, command.account_id):
                    raise invalid("/account_id", "unknown_account", "There is no such account.")
        return await self._carried_out(clients, record_id, command, request)

    async def _carried_out(
        self,
        decider: Decider[C, E, S],
        record_id: RecordId,
        command: C,
        request: CommandRequest,
    ) -> Outcome:
        if record_id.kind is not decider.kind:
            raise NotFoundError
        outcome = await execute(self.kit, decider, record_id, command, request)
        if not outcome.validated:
            await self.projection.catch_up()
        return outcome

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """Names are unique over streams: who takes one does it alone, knowing all that came before."""
        async with self.turns.in_turn():
            await self.projection.catch_up()
            yield

    async def _check_fields(
        self, account_id: str, username: str, organisation_id: RecordId
    ) -> None:
        async with asking(self.pool) as connection:
            if await connection.fetchval(_TAKEN, username, account_id):
                raise RejectedError("Somebody else signs in by this name.", code="username_taken")
            if not await connection.fetchval(_ADMITTED, str(organisation_id)):
                raise invalid(
                    "/organisation_id", "unknown_partner", "Admit this organisation first."
                )

    async def _check_unlinked(self, record_id: RecordId, named: str) -> None:
        linked = orjson.dumps([{"id": named}]).decode()
        async with asking(self.pool) as connection:
            if await connection.fetchval(_LINKED, linked, str(record_id)):
                raise RejectedError(
                    "Somebody else signs in by this identity.", code="identity_taken"
                )

    async def _account_of(self, record_id: RecordId) -> str:
        async with asking(self.pool) as connection:
            found: str | None = await connection.fetchval(
                "select account_id from access_accounts where record_id = $1", str(record_id)
            )
        return found or ""

    def _derived(self, request: CommandRequest, what: str) -> bytes:
        command_id = request.command_id(self.kit.secret)
        return hmac.digest(self.kit.secret, f"{what}\n".encode() + command_id, hashlib.sha256)
