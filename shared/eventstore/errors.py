"""How an append can fail."""

from shared.errors import BusyError, InvalidError
from shared.eventstore.model import FoundCommand


class VersionConflict(Exception):  # noqa: N818  # it is an outcome that callers expect and retry
    """The stream has moved on since it was loaded."""


class CommandAlreadyApplied(Exception):  # noqa: N818  # an outcome, not a fault
    """Somebody applied this command first."""

    def __init__(self, found: FoundCommand) -> None:
        super().__init__("this command was applied before")
        self.found = found


class QueueFullError(BusyError):
    """More is waiting to be appended than can be promised in time."""

    def __init__(self) -> None:
        super().__init__("Too much is being written just now; try again.", retry_after_seconds=1)


class UnstorableError(InvalidError):
    """An event that no store can keep: too large."""
