"""How fast batches of appends go, and so how long a newcomer would wait. Pure: the time is told."""

# How much a new batch counts against all before it.
NEWEST = 0.2


class Pace:
    """Of one appender, whose batches the database takes one after the other, however many are sent.

    Times are seconds of no particular day.
    """

    def __init__(self) -> None:
        self._seconds_each = 0.0
        self._in_flight = 0
        self._since = 0.0

    def begins(self, count: int, now: float) -> None:
        """A batch of `count` appends goes off."""
        if not self._in_flight:
            self._since = now
        self._in_flight += count

    def ends(self, count: int, now: float) -> None:
        """It is back, whatever came of it."""
        each = (now - self._since) / count
        known = self._seconds_each or each
        self._seconds_each = (1 - NEWEST) * known + NEWEST * each
        self._in_flight -= count
        self._since = now

    def wait_seconds(self, queued: int, now: float) -> float:
        """How long one more would wait behind `queued` others: at least as long as a batch is overdue."""
        ahead = (queued + self._in_flight) * self._seconds_each
        return max(ahead, now - self._since) if self._in_flight else ahead
