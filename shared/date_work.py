"""Lets dates of labels take effect when they come. One process of a service works, others stand by.

What happens is an event of the record like any other, so that everything readers see stays a function of
the events. The rules look again: a date that another label ended meanwhile does nothing.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from time import monotonic
from typing import Any

import asyncpg

from shared import trace
from shared.clock import utc_now
from shared.commands import execute
from shared.commands_apply import load
from shared.commands_kit import Kit
from shared.database import STATEMENT_SECONDS, Pool, is_passing
from shared.date_watch import Dated, watch_after
from shared.dating import TakeEffect
from shared.decider import Decider
from shared.errors import AppError, HealthError
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.labels import Label, from_json, join
from shared.leases import Lease
from shared.principal import Principal
from shared.record_state import RecordState
from shared.roles import Role
from shared.telling import Telling

LOOK_SECONDS = 1.0
# What was refused is tried again after this long: a source's label may be lower by then.
AGAIN = timedelta(seconds=60)
LEASE = "dates of labels"
SUBJECT = "dates"

_FOUND = """
select position, stream_id, version, type, data from events
 where type in ('record.scheduled.v1', 'record.release_scheduled.v1',
                'record.declassified.v1', 'record.expired.v1')
   and position > $1 order by position
"""
_log = logging.getLogger(__name__)

AnyDecider = Decider[Any, Any, Any]  # Any: of whatever kind


class DatesStoodStillError(HealthError):
    """A date has come, and nothing happens."""

    code = "dates"


@dataclass
class DateWork:
    """`run` never returns; cancel it. `deciders`: of every kind of the service."""

    kit: Kit
    pool: Pool
    deciders: Mapping[Kind, AnyDecider]
    _after: int = 0
    _heard: int = 0
    _dated: dict[str, Dated] = field(default_factory=dict)
    _refused: dict[str, datetime] = field(default_factory=dict)
    _telling: Telling = field(default_factory=Telling)
    _wrong: str | None = None

    async def run(self) -> None:
        lease = Lease(self.pool, LEASE)
        try:
            while True:
                await self._try(lease)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.shield(lease.release())

    async def check(self) -> None:
        """For health. Raises DatesStoodStillError."""
        if self._wrong:
            raise DatesStoodStillError(self._wrong)

    async def once(self) -> None:
        """Read on, then let happen what is due."""
        await self._read_on()
        scenario = self._telling.scenario(monotonic())
        now = scenario or utc_now()
        for dated in _due(self._dated.values(), now):
            if self._refused.get(str(dated.id), now) <= now:
                await self._take_effect(dated, now, scenario)

    async def _try(self, lease: Lease) -> None:
        try:
            if await lease.hold():
                await self.once()
            self._wrong = None
        except Exception as fault:  # noqa: BLE001 - whatever it is, health tells it
            self._wrong = type(fault).__name__
            if not is_passing(fault):
                _log.exception("dates of labels stand still", extra={"error": self._wrong})

    async def _read_on(self) -> None:
        rows = await self.pool.fetch(_FOUND, self._after, timeout=STATEMENT_SECONDS)
        told = [(row["stream_id"], row["version"], row["type"], row["data"]) for row in rows]
        self._dated = watch_after(self._dated, told)
        self._after = rows[-1]["position"] if rows else self._after
        if self.kit.exercise and self._dated:
            await self._hear()

    async def _hear(self) -> None:
        head = (await self.kit.store.head()).position
        if head == self._heard:
            return
        self._heard = head
        for last in await self.kit.store.read_all(head - 1, 1):
            self._telling = self._telling.heard(last.recorded_at, utc_now(), monotonic())

    async def _take_effect(self, dated: Dated, now: datetime, scenario: datetime | None) -> None:
        decider, spelled = self.deciders[dated.id.kind], str(dated.id)
        record = await load(self.kit, decider, dated.id, _actor(dated.id, (), scenario))
        # Another label may have ended what was to come.
        dated = replace(dated, dates=record.handling.dates)
        self._dated[spelled] = dated
        if not _due([dated], now):
            return
        actor = _actor(record.owner, _held(record), scenario)
        try:
            await execute(self.kit, decider, dated.id, TakeEffect(), _request(dated, actor))
        except AppError as refused:
            _log.info("a date was refused", extra={"error": refused.code})
            self._refused[spelled] = now + AGAIN
        else:
            self._refused.pop(spelled, None)


def _due(dated: Iterable[Dated], now: datetime) -> list[Dated]:
    """The longest due first."""
    due = [(one.dates.next, str(one.id), one) for one in dated if one.dates.next]
    return [one for at, _, one in sorted(due, key=lambda entry: entry[:2]) if at <= now]


def _held(record: RecordState[Any]) -> tuple[Label, ...]:
    """Every label the record has, and those it is to have."""
    return (
        *record.labels.values(),
        *(from_json(one) for one in record.handling.dates.declassify_to.values()),
    )


def _request(dated: Dated, actor: Principal) -> CommandRequest:
    """The same command however often it is sent, by whichever process."""
    key = f"{dated.id}|{dated.dates.next}|{dated.since}"
    return CommandRequest(
        principal=actor,
        idempotency_key=key,
        route="dates of labels",
        digest=hashlib.sha256(key.encode()).digest(),
        traceparent=str(trace.new_trace()),
    )


def _actor(owner: RecordId, labels: tuple[Label, ...], scenario: datetime | None) -> Principal:
    """It acts for the owner, who is in every clause, and holds the levels and caveats the record takes."""
    needed = reduce(join, labels) if labels else None
    return Principal(
        subject=SUBJECT,
        organisation=owner,
        client=SUBJECT,
        communities=frozenset(),
        caveats=needed.caveats if needed else frozenset(),
        levels=dict(needed.levels) if needed else {},
        roles=frozenset(
            {Role.LOADER} if scenario else {Role.LIAISON_OFFICER, Role.GAZETTEER_EDITOR}
        ),
        scenario_time=scenario,
    )
