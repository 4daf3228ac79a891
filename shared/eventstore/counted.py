"""An event store that counts what it is asked to append, for those who watch it from outside."""

from collections.abc import Sequence

from shared.database import Pool
from shared.eventstore.appender import Verdict
from shared.eventstore.batch import Prepared
from shared.eventstore.errors import QueueFullError
from shared.eventstore.model import Append, Appended
from shared.eventstore.store import EventStore
from shared.standing import AppendStanding


class CountedStore(EventStore):
    """Counts since it was made: appends that were stored, the batches that carried them, and refusals."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._carried = self._batches = self._refused = self._waiting = 0

    @property
    def counts(self) -> AppendStanding:
        return AppendStanding(self._carried, self._batches, self._refused, self._waiting)

    async def append(self, append: Append) -> Appended:
        """As EventStore's."""
        self._waiting += 1
        try:
            return await super().append(append)
        except QueueFullError:
            self._refused += 1
            raise
        finally:
            self._waiting -= 1

    async def _send(self, batch: Sequence[Prepared]) -> list[Verdict]:
        verdicts = await super()._send(batch)
        self._batches += 1
        self._carried += sum(verdict == "appended" for verdict, _ in verdicts)
        return verdicts
