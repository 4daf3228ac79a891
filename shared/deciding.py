"""What a deciding service stands on while it runs: event store, keys, bus, and its relay."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import asyncpg
from nats.aio.client import Client

from shared.bus import REQUEST_SECONDS, Address, open_bus
from shared.commands_kit import Kit, ReferenceBook
from shared.continuity import Continuity
from shared.database import STATEMENT_SECONDS, open_pool
from shared.ending import ended
from shared.errors import HealthError
from shared.event_types import EventTypes
from shared.eventstore.epochs import EpochBook
from shared.eventstore.partitions import Partitions
from shared.eventstore.store import EventStore
from shared.forgetting import Forgetting
from shared.gate import Gate, GuardedStore
from shared.heads import load_head_signer
from shared.heads_writing import HeadBook
from shared.health import Check
from shared.keys import own_keys
from shared.leases import Lease
from shared.policy import load_policy
from shared.relay import Relay
from shared.sealing import Vault
from shared.settings import DecidingSettings
from shared.standing import AppendStanding, ChainStanding, Standing
from shared.stream import Shape

STORE_CONNECTIONS = 8
KEY_CONNECTIONS = 4
RETRY_SECONDS = 0.5
RELAY_LEASE = "relay"

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
MakeReferences = Callable[[EventStore, Vault], ReferenceBook]
OnTheBus = Callable[[Client], Awaitable[None]]
Beforehand = Callable[[], Awaitable[None]]


_log = logging.getLogger(__name__)


class NotRunningError(HealthError):
    """Part of the service has not started yet, or has stopped."""


class Deciding:
    """Made with the application, opened in its lifespan. Needs the database; waits for no bus."""

    def __init__(self, settings: DecidingSettings, types: EventTypes) -> None:
        self._settings = settings
        self._address = Address(settings.mission, settings.site, settings.service)
        self._types = types
        self._kit: Kit | None = None
        self._heads: HeadBook | None = None
        self._partitions: Partitions | None = None
        self._forgetting: Forgetting | None = None
        self._counts: Callable[[], AppendStanding | None] = lambda: None
        self._client: Client | None = None
        self._relay: Relay | None = None
        self._gate = Gate()
        self._continuity: Continuity | None = None
        self._relay_lease: Lease | None = None

    @property
    def kit(self) -> Kit:
        if self._kit is None:
            raise NotRunningError("the service is not open")
        return self._kit

    @property
    def heads(self) -> HeadBook:
        if self._heads is None:
            raise NotRunningError("the service is not open")
        return self._heads

    @property
    def continuity(self) -> Continuity:
        if self._continuity is None:
            raise NotRunningError("the service is not open")
        return self._continuity

    def event_pool(self) -> AbstractAsyncContextManager[Pool]:
        """Connections to the event database; a server that has started since is noticed."""
        url, greet = self._settings.database_url, self._gate.greet
        return open_pool(url, connections=STORE_CONNECTIONS, greet=greet, cleaned=False)

    def _key_pool(self) -> AbstractAsyncContextManager[Pool]:
        """Whoever is the first of a record waits for a key: not for a connection to be cleaned as well."""
        url = self._settings.keystore_url
        return open_pool(url, connections=KEY_CONNECTIONS, cleaned=False)

    @property
    def checks(self) -> Mapping[str, Check]:
        return {
            "database": self._check_store,
            "nats": self._check_bus,
            "epoch": self._gate.check,
            "relay": self._check_relay,
            "heads": self._check_heads,
            "partitions": self._check_partitions,
        }

    async def observe(self) -> Standing:
        """How chain and relay stand. Raises BusyError when the database is away."""
        head, relay = await self.kit.store.head(), self._relay
        lag = max(head.position - relay.relayed, 0) if relay else None
        audited = relay.auditor.audited if relay and relay.leads else None
        state = relay.state if relay else "waiting"
        refills = relay.refills if relay else 0
        chain = ChainStanding(head.epoch, head.position, lag, state, audited, refills)
        return Standing(chain=chain, appender=self._counts())

    @asynccontextmanager
    async def opened(self, pool: Pool, references: MakeReferences) -> AsyncIterator[Kit]:
        """The kit, while the service runs. `pool` is of the event database."""
        settings = self._settings
        async with self._key_pool() as key_pool:
            keys = own_keys(key_pool, settings.service, settings.wrapping)
            store, vault = GuardedStore(pool, self._gate), Vault(keys, self._types)
            self._continuity = Continuity(store, EpochBook(pool), self._gate, self._address)
            self._counts = lambda: store.counts
            self._kit = Kit(
                store=store,
                vault=vault,
                policy=load_policy(settings.policy_file),
                references=references(store, vault),
                secret=settings.command_secret,
                exercise=await _is_exercise(pool),
            )
            self._relay_lease = Lease(pool, RELAY_LEASE)
            self._heads = HeadBook(pool, load_head_signer(settings.heads_secret, self._address))
            self._partitions, self._forgetting = Partitions(pool), Forgetting(pool)
            try:
                yield self._kit
            finally:
                self._kit = self._heads = self._relay_lease = None
                self._partitions = self._forgetting = None
                await store.close()

    async def tend(self) -> None:
        """What the store needs beside appends, for ever: signed heads, room ahead, old commands gone."""
        if self._partitions is None or self._forgetting is None:
            raise NotRunningError("the service is not open")
        async with asyncio.TaskGroup() as group:
            group.create_task(self.heads.run())
            group.create_task(self._partitions.run())
            group.create_task(self._forgetting.run())

    async def on_the_bus(
        self, *others: OnTheBus, before_relaying: Beforehand | None = None
    ) -> None:
        """Relay what is decided, and run `others`, for ever. Commands go on while NATS is away.

        `before_relaying`: done whenever store and stream have been compared and relaying begins.

        Whatever breaks this is logged, told by health, and started again: a database that restarts
        must not end the relay.
        """
        connecting = asyncio.create_task(self._keep_connected(others, before_relaying))
        try:
            await self.continuity.keep(lambda: self._client)
        finally:
            await ended(connecting)

    async def _keep_connected(
        self, others: Sequence[OnTheBus], before_relaying: Beforehand | None
    ) -> None:
        while True:
            try:
                await self._connected(others, before_relaying)
            except Exception as wrong:  # noqa: BLE001 - see above
                _log.warning("work on the bus broke", extra={"error": _named(wrong)})
            self._client = self._relay = None
            await asyncio.sleep(RETRY_SECONDS)

    async def _connected(
        self, others: Sequence[OnTheBus], before_relaying: Beforehand | None
    ) -> None:
        settings, address = self._settings, self._address
        async with open_bus(
            settings.nats_url,
            settings.nats_seed_file,
            name=settings.service,
            ca_file=settings.nats_ca_file,
        ) as client:
            self._client = client
            shape = Shape(settings.nats_replicas, batches=settings.nats_sync_always)
            js = client.jetstream(timeout=REQUEST_SECONDS)

            async def settle() -> None:
                await self.continuity.settle(js)
                if before_relaying:
                    await before_relaying()

            self._relay = Relay(
                self.kit.store,
                client,
                address,
                lease=self._relay_lease,
                shape=shape,
                settle=settle,
            )
            async with asyncio.TaskGroup() as group:
                group.create_task(self._relay.run())
                for other in others:
                    group.create_task(_run(other, client))

    async def _check_store(self) -> None:
        await self.kit.store.head()

    async def _check_bus(self) -> None:
        if self._client is None or not self._client.is_connected:
            raise NotRunningError("not connected to NATS")

    async def _check_heads(self) -> None:
        await self.heads.check()

    async def _check_partitions(self) -> None:
        if self._partitions is not None:
            await self._partitions.check()

    async def _check_relay(self) -> None:
        if self._relay is None:
            raise NotRunningError("the relay has not started")
        await self._relay.check()


async def _run(other: OnTheBus, client: Client) -> None:
    await other(client)


def _named(wrong: Exception) -> str:
    """The type at the bottom of a task group's error; never its words, which may hold content."""
    while isinstance(wrong, ExceptionGroup):
        wrong = wrong.exceptions[0]
    return type(wrong).__name__


async def _is_exercise(pool: Pool) -> bool:
    found = await pool.fetchval("select exercise from installation", timeout=STATEMENT_SECONDS)
    if found is None:
        raise NotRunningError("this database belongs to no installation yet")
    return bool(found)
