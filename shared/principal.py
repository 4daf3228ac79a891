"""Who is asking: what the gateway found out, carried to the services in a signed header."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.ids import RecordId
from shared.labels import Clearance
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """One caller for one request.

    `levels` are already the effective ones: the lowest of person, client, session and site.
    `client` owns idempotency keys, cursors and positions. `scenario_time` is set only for the loader
    of an exercise.
    """

    subject: str
    organisation: RecordId
    client: str
    communities: frozenset[str] = frozenset()
    caveats: frozenset[str] = frozenset()
    levels: dict[str, int] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset()
    language: str = "en"
    policy_epoch: int = 1
    scenario_time: datetime | None = None

    @property
    def clearance(self) -> Clearance:
        """What the label rule asks about."""
        atoms = {f"org:{self.organisation}", "community:all"}
        atoms |= {f"community:{community}" for community in self.communities}
        return Clearance(self.levels, frozenset(atoms), self.caveats)
