"""How far the read model has come, and waiting until it has come far enough."""

import asyncio
from collections.abc import Mapping

from shared.errors import BusyError, FieldError, MalformedError
from shared.projection import Checkpoint

WAIT_SECONDS = 2.0
RETRY_SECONDS = 1
SOURCES = ("contacts", "engagements")


class Progress:
    """Checkpoints of the projections in this process."""

    def __init__(self) -> None:
        self._reached: dict[str, Checkpoint] = {}
        self._moved = asyncio.Condition()

    async def moved(self, source: str, checkpoint: Checkpoint) -> None:
        async with self._moved:
            self._reached[source] = checkpoint
            self._moved.notify_all()

    async def wait(self, wanted: Mapping[str, Checkpoint]) -> None:
        """Raises BusyError when `wanted` is not reached within WAIT_SECONDS."""
        if self._has(wanted):
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._moved:
                await self._moved.wait_for(lambda: self._has(wanted))
        except TimeoutError:
            raise BusyError(
                "The read side has not caught up yet.", retry_after_seconds=RETRY_SECONDS
            ) from None

    def _has(self, wanted: Mapping[str, Checkpoint]) -> bool:
        nothing = Checkpoint(0, 0)
        return all(self._reached.get(source, nothing) >= at for source, at in wanted.items())


def read_at_least(header: str | None) -> dict[str, Checkpoint]:
    """`contacts=1:120,engagements=1:77`: source=epoch:position. Raises MalformedError on anything else."""
    try:
        return dict(_one(part) for part in (header or "").split(",") if part)
    except ValueError as wrong:
        raise MalformedError("Parley-At-Least is not a list of positions.") from wrong


def read_vector(spelled: object) -> dict[str, Checkpoint]:
    """`{"contacts": [epoch, position]}`. Raises MalformedError on anything else."""
    try:
        if not isinstance(spelled, dict) or not spelled.keys() <= set(SOURCES):
            raise TypeError
        return {
            source: Checkpoint(int(epoch), int(position))
            for source, (epoch, position) in spelled.items()
        }
    except (TypeError, ValueError) as wrong:
        error = FieldError("?vector", "invalid", "This is not a place in the feed.")
        raise MalformedError("This is not a place in the feed.", errors=(error,)) from wrong


def _one(part: str) -> tuple[str, Checkpoint]:
    source, _, place = part.strip().partition("=")
    epoch, _, position = place.partition(":")
    if source not in SOURCES:
        raise ValueError("no such source")
    return source, Checkpoint(int(epoch), int(position))
