"""By which way an answer of the services goes on to whoever asked."""

from enum import StrEnum, auto

from shared.contracts.reads import Way

RECORDS, HISTORY = "/records", "/history"


class Channel(StrEnum):
    """UNSEEN: the gateway looks for itself, and shows nothing of it."""

    API = auto()
    PAGE = auto()
    FEED = auto()
    WEBHOOK = auto()
    FILE = auto()
    UNSEEN = auto()

    def way(self, path: str) -> Way | None:
        """How it is noted; None: not at all. `path`: the service's address."""
        match self:
            case Channel.UNSEEN:
                return None
            case Channel.API if path.endswith(HISTORY):
                return Way.HISTORY
            case Channel.API:
                return Way.READ if path.startswith(f"{RECORDS}/") else Way.LIST
            case _:
                return Way(self.value)
