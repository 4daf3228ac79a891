"""PostgreSQL as far as the event store and a projection see it: the same outcomes, in memory.

`append` mirrors append_batch(): verdicts by the state before the batch, then all that stands at once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.eventstore.model import NO_HASH, Recorded, chain_hash
from shared.eventstore.stamps import stamp

BEGINNING = datetime(2030, 1, 2, 9, tzinfo=UTC)


class Row(dict[str, Any]):  # Any: columns of several types
    """As the driver's: by name, and in order."""

    def __iter__(self) -> Any:  # Any: dict says names, the driver says values
        return iter(self.values())


class Database:
    """What is committed."""

    def __init__(self, *, remembers_commands: bool = True, compares: bool = True) -> None:
        self.remembers_commands = remembers_commands
        self.compares = compares
        self.events: list[Recorded] = []
        self.streams: dict[str, int] = {}
        self.commands: dict[bytes, Row] = {}
        self.checkpoints: dict[tuple[str, str], tuple[int, int]] = {}
        self.parked: dict[tuple[Any, ...], Row] = {}
        self.leases: dict[str, tuple[str, float]] = {}
        self.rows: dict[str, list[Recorded]] = defaultdict(list)
        self.locks: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def head(self) -> int:
        return self.events[-1].position if self.events else 0

    def append(self, *arrays: Sequence[Any]) -> list[Row]:
        streams, expected, _, commands, digests, records, outcomes, _ = arrays[:8]
        verdicts = [self._verdict(*one) for one in zip(streams, expected, commands, strict=True)]
        at = {number: (self.head, version) for number, version in enumerate(expected)}
        for owner, *event in zip(*arrays[8:15], strict=True):
            if verdicts[owner - 1] == "appended":
                at[owner - 1] = self._add(streams[owner - 1], at[owner - 1][1] + 1, event)
        answers = []
        for number, verdict in enumerate(verdicts):
            position, version = at[number]
            place = {"epoch": 1, "position": position, "version": version}
            told = {"number": number + 1, "verdict": verdict}
            answers.append(Row(told | place | {"recorded_at": _now()}))
            if verdict == "appended" and commands[number] and self.remembers_commands:
                mark = {"request_digest": digests[number], "record_id": records[number]}
                self.commands[commands[number]] = Row(mark | {"outcome": outcomes[number]} | place)
        return answers

    def read(self, after: int, limit: int) -> list[Row]:
        return [_row(event) for event in self.events[after : after + limit]]

    def load(self, stream_id: str) -> list[Row]:
        return [_row(event) for event in self.events if event.stream_id == stream_id]

    def head_row(self) -> Row:
        digest = self.events[-1].hash if self.events else None
        return Row(epoch=1, position=self.head, hash=digest)

    def checkpoint(self, projection: str, source: str) -> Row | None:
        found = self.checkpoints.get((projection, source))
        return Row(epoch=found[0], position=found[1]) if found else None

    def move(self, key: tuple[str, str], to: tuple[int, int]) -> None:
        self.checkpoints[key] = to

    def park(self, projection: str, source: str, position: int, kind: str, reason: str) -> None:
        if self.checkpoints[(projection, source)][1] < position:
            self.parked[(projection, source)] = Row(
                position=position, event_type=kind, reason=reason, at=_now()
            )

    def take_lease(self, name: str, holder: str, seconds: float) -> bool:
        now = asyncio.get_running_loop().time()
        held_by, until = self.leases.get(name, (holder, now))
        if held_by != holder and until > now:
            return False
        self.leases[name] = (holder, now + seconds)
        return True

    def let_go(self, name: str, holder: str) -> None:
        if self.leases.get(name, ("", 0.0))[0] == holder:
            del self.leases[name]

    def _verdict(self, stream: str, expected: int, command: bytes | None) -> str:
        if command in self.commands:
            return "applied"
        return "appended" if self.streams.get(stream, 0) == expected else "conflict"

    def _add(self, stream: str, version: int, event: list[Any]) -> tuple[int, int]:
        event_id, event_type, data, meta, occurred_at, digest = event
        before = self.events[-1] if self.events else None
        position, prev = self.head + 1, before.hash if before else NO_HASH
        recorded_at = max(_now(), before.recorded_at) if before else _now()
        self.events.append(
            Recorded(
                position, 1, event_id.bytes, stream, version, event_type, data, meta, stamp(occurred_at),
                stamp(recorded_at), prev, chain_hash(prev, 1, position, recorded_at, digest),
            )
        )  # fmt: skip
        self.streams[stream] = version
        return position, version


def _now() -> datetime:
    seconds = asyncio.get_running_loop().time()
    return BEGINNING + timedelta(microseconds=int(seconds * 1_000_000))


def _row(event: Recorded) -> Row:
    return Row(event._asdict())
