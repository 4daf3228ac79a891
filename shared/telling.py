"""What time it is for what happens by itself: the present, or that of a scenario being told. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# An event this much older than the moment we see it was told by a scenario.
TOLD_AFTER = timedelta(seconds=60)
# And the scenario goes on until nothing more of it was heard for so long.
QUIET_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Telling:
    """The time: the present, or in an exercise the latest moment of a scenario that is being told.

    While a scenario is told the present must not be used: the store's clock never falls, so that all
    the story still to come would be recorded at that moment. `quiet_at`: monotonic seconds.
    """

    told: datetime | None = None
    quiet_at: float = 0.0

    def heard(self, recorded_at: datetime, present: datetime, monotonic: float) -> "Telling":
        """Once an event has been seen. A scenario that has reached the present is over."""
        if present - recorded_at < TOLD_AFTER:
            return Telling()
        return Telling(recorded_at, monotonic + QUIET_SECONDS)

    def scenario(self, monotonic: float) -> datetime | None:
        return self.told if monotonic < self.quiet_at else None
