"""One NATS server for the whole run, open to everyone; missions keep tests apart."""

from dataclasses import dataclass
from uuid import uuid4

from shared.bus import Address


@dataclass(frozen=True, slots=True)
class TestNats:
    """Needs no seed: `open_bus(nats.url, None, name="test")`."""

    __test__ = False
    url: str

    def address(self, service: str, mission: str | None = None) -> Address:
        """A stream address nobody else uses, unless `mission` says whose to share."""
        return Address(mission or new_mission(), "hq", service)


def new_mission() -> str:
    """A mission code nobody else uses."""
    return f"t{uuid4().hex[:12]}"
