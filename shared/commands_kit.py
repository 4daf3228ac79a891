"""What every write needs of its service, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shared.contracts.event import Group
from shared.decider import Reference
from shared.eventstore.store import EventStore
from shared.foretelling import Foretold
from shared.idempotency import RunningCommands
from shared.ids import RecordId
from shared.policy import Policy
from shared.sealing import Vault


class ReferenceBook(Protocol):
    """A service's small local copy of other records: id, label, status."""

    async def find(self, ids: frozenset[RecordId]) -> Mapping[RecordId, Reference]: ...


@dataclass(frozen=True, slots=True)
class Kit:
    """`secret`: 32 bytes, the service's own. `exercise`: whether this installation is one."""

    store: EventStore
    vault: Vault
    policy: Policy
    references: ReferenceBook
    secret: bytes
    exercise: bool
    running: RunningCommands = field(default_factory=RunningCommands)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a write. `readable`: the groups the caller sees afterwards.

    `outcome`: `created`, `amended` or `unchanged`. With `validated` it is what would have been:
    nothing was written, version is that from before, epoch and position are 0. `foretold`: what
    would be made, where that was asked for.
    """

    id: RecordId
    version: int
    epoch: int
    position: int
    readable: tuple[Group, ...]
    outcome: str
    replayed: bool = False
    validated: bool = False
    foretold: Foretold | None = None
