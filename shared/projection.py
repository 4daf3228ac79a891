"""A projection: events of one source into tables, which move together with their checkpoint.

A batch is prepared (unsealed, folded) outside and written in one short transaction whose first
statement compares and swaps the checkpoint: a projector that has been overtaken cannot write.
"""

from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from shared.eventstore.model import Recorded

if TYPE_CHECKING:
    from shared.interning import Connection

Write = Callable[["Connection"], Awaitable[None]]

_LOAD = "select epoch, position from checkpoints where projection = $1 and source = $2"
_BEGIN = "insert into checkpoints values ($1, $2, 0, 0) on conflict do nothing"
_START_OVER = "update checkpoints set epoch = 0, position = 0 where projection = $1 and source = $2"
_SWAP = """
update checkpoints set epoch = $5, position = $6
 where projection = $1 and source = $2 and epoch = $3 and position = $4
"""


class Projection(Protocol):
    """`prepare` reads and computes; what it returns writes, within the checkpoint's transaction."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str:
        """The name without a generation."""

    async def prepare(self, connection: "Connection", events: Sequence[Recorded]) -> Write: ...


class StopProjectionError(Exception):
    """This projection has nothing more to do here; its owner starts another."""


class OvertakenError(Exception):
    """Another projector moved the checkpoint."""


@dataclass(frozen=True, slots=True, order=True)
class Checkpoint:
    """The last event a projection has taken in; (0, 0) before the first."""

    epoch: int
    position: int


async def find_checkpoint(connection: "Connection", name: str, source: str) -> Checkpoint:
    """Where the projection stands."""
    row = await connection.fetchrow(_LOAD, name, source)
    return Checkpoint(row["epoch"], row["position"]) if row else Checkpoint(0, 0)


async def load_checkpoint(connection: "Connection", name: str, source: str) -> Checkpoint:
    """Where the projection stands; begun if it has never run."""
    await connection.execute(_BEGIN, name, source)
    return await find_checkpoint(connection, name, source)


async def start_over(connection: "Connection", name: str, source: str) -> None:
    """What the projection has read stands no more; taking everything in again must put it right."""
    await connection.execute(_START_OVER, name, source)


async def project(
    connection: "Connection",
    projection: Projection,
    source: str,
    after: Checkpoint,
    events: Sequence[Recorded],
    passed_over: Set[int] = frozenset(),
) -> Checkpoint:
    """Take in `events`, which follow `after`, but not those at the positions `passed_over`.

    Raises OvertakenError when the checkpoint is elsewhere.
    """
    wanted = [event for event in events if event.position not in passed_over]
    write = await projection.prepare(connection, wanted)
    reached = Checkpoint(events[-1].epoch, events[-1].position)
    async with connection.transaction():
        swapped = await connection.execute(
            _SWAP,
            projection.name, source, after.epoch, after.position, reached.epoch, reached.position,
        )  # fmt: skip
        if swapped != "UPDATE 1":
            raise OvertakenError
        await write(connection)
    return reached
