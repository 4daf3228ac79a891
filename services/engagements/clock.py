"""The clock: it tells commitments that are due that they fell overdue. One process works, others stand by."""

import asyncio
import hashlib
import logging
from contextlib import suppress
from datetime import datetime
from time import monotonic

import asyncpg

from services.engagements.clock_store import ClockStore
from services.engagements.clock_watch import Watched
from services.engagements.commitment import commitment
from services.engagements.commitment_commands import FallOverdue
from shared import trace
from shared.clock import utc_now
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_kit import Kit
from shared.contracts.event import Group
from shared.errors import AppError, HealthError
from shared.eventstore.model import Recorded
from shared.idempotency import CommandRequest
from shared.ids import RecordId, new_bytes
from shared.labels import Label
from shared.principal import Principal
from shared.roles import Role
from shared.telling import Telling

TICK_SECONDS = 1.0
EVENTS_AT_ONCE = 1_000
DUE_AT_ONCE = 100
SUBJECT = "clock"
COMMUNITY = "community:"

_log = logging.getLogger(__name__)


class StoppedError(HealthError):
    """Nothing falls overdue: something in the clock, or in what it reads, is wrong."""


class Clock:
    """Made once per process, run beside the relay. Needs the database; waits for no bus."""

    def __init__(self, kit: Kit, store: ClockStore) -> None:
        self._kit = kit
        self._store = store
        self._name = new_bytes(8).hex()
        self._working = False
        self._telling = Telling()
        self._wrong: str | None = None

    async def run(self) -> None:
        """For ever. Whatever breaks a tick is told by health, and the next tick tries again."""
        try:
            while True:
                await self._try_tick()
                await asyncio.sleep(TICK_SECONDS)
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.shield(self._store.release(self._name))

    async def check(self) -> None:
        """For health: raises when stopped."""
        if self._wrong:
            raise StoppedError(self._wrong)

    async def tick(self) -> None:
        """Read on, then tell what is due, if this process holds the lease."""
        if not await self._store.lease(self._name):
            self._working = False
            return
        if not self._working:
            await self._begin()
        await self._read_on()
        scenario = self._telling.scenario(monotonic())
        for due in await self._store.due(scenario or utc_now(), DUE_AT_ONCE):
            await self._tell(due, scenario)

    async def _try_tick(self) -> None:
        try:
            await self.tick()
            self._wrong = None
        except Exception as wrong:  # noqa: BLE001 - whatever it is, it is reported by health
            self._wrong = type(wrong).__name__
            _log.warning("the clock missed a tick", extra={"error": self._wrong})

    async def _begin(self) -> None:
        """Whoever takes over hears the last event: a scenario may be half told."""
        head = await self._kit.store.head()
        self._hear(await self._kit.store.read_all(head.position - 1, 1))
        self._working = True

    async def _read_on(self) -> None:
        while True:
            after = await self._store.checkpoint()
            events = await self._kit.store.read_all(after, EVENTS_AT_ONCE)
            if not events:
                return
            self._hear(events)
            await self._store.take(after, events)

    def _hear(self, events: list[Recorded]) -> None:
        if events and self._kit.exercise:
            last = events[-1].recorded_at
            self._telling = self._telling.heard(last, utc_now(), monotonic())

    async def _tell(self, due: Watched, scenario: datetime | None) -> None:
        """The same command however often it is told, by whichever process. `decide` looks again."""
        if due.due_at is None:
            return
        asked = _principal(due.owner, None, scenario)
        record = await load(self._kit, commitment, due.id, asked)
        principal = _principal(due.owner, record.labels[Group.BASE], scenario)
        try:
            command = FallOverdue(due.due_at)
            await execute(self._kit, commitment, due.id, command, _request(due, principal))
        except AppError as refused:
            # Relabelled or told by another process meanwhile: the next tick sees what is so then.
            _log.info("the clock was refused", extra={"error": refused.code})


def _request(due: Watched, principal: Principal) -> CommandRequest:
    key = f"{due.id}|{due.due_at}|{due.since}"
    return CommandRequest(
        principal=principal,
        idempotency_key=key,
        route="the clock",
        digest=hashlib.sha256(key.encode()).digest(),
        traceparent=str(trace.new_trace()),
    )


def _principal(owner: RecordId, label: Label | None, scenario: datetime | None) -> Principal:
    """The clock acts for the owner of a record, and holds what reading `label` takes; no more."""
    atoms = {atom for clause in label.clauses for atom in clause} if label else set[str]()
    return Principal(
        subject=SUBJECT,
        organisation=owner,
        client=SUBJECT,
        communities=frozenset(
            atom.removeprefix(COMMUNITY) for atom in atoms if atom.startswith(COMMUNITY)
        ),
        caveats=label.caveats if label else frozenset(),
        levels=dict(label.levels) if label else {},
        roles=frozenset({Role.LOADER if scenario else Role.LIAISON_OFFICER}),
        scenario_time=scenario,
    )
