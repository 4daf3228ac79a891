"""How a service stands at a moment: chain, relay, projections. Totals, for administrators only."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChainStanding:
    """The event store of a deciding service, and how much of it the stream does not hold yet.

    `stream`: `ok`, `standby` (another replica relays), `waiting`, `failing` or `halted`. `audited`: the
    position up to which the stream was last compared with the store. `refills`: how often this process
    has filled it anew. None is what is not known here.
    """

    epoch: int
    position: int
    lag: int | None
    stream: str
    audited: int | None = None
    refills: int = 0


@dataclass(frozen=True, slots=True)
class ProjectionStanding:
    """One projection of one source. `behind` is None when nobody knows what the stream holds."""

    name: str
    source: str
    epoch: int
    position: int
    behind: int | None
    parked: str = ""


@dataclass(frozen=True, slots=True)
class RebuildStanding:
    """How far a generation that is being built has come with one source."""

    generation: int
    source: str
    position: int
    target: int


@dataclass(frozen=True, slots=True)
class AppendStanding:
    """What this process has appended since it started, and what waits."""

    appends: int
    batches: int
    refused: int
    queued: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it; what a service does not have is left out."""

    chain: ChainStanding | None = None
    appender: AppendStanding | None = None
    projections: tuple[ProjectionStanding, ...] = ()
    rebuilds: tuple[RebuildStanding, ...] = ()
    subscribers: int | None = None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        return asdict(self)


Observe = Callable[[], Awaitable[Standing]]


async def nothing_to_tell() -> Standing:
    """Of a service without chain and projections."""
    return Standing()
