"""Who is asking: what the gateway found out, carried to the services in a signed header."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.ids import RecordId
from shared.labels import Clearance
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """One caller for one request.

    `levels` are already the effective ones: the lowest of person, client, session and site.
    `client` owns idempotency keys, cursors and positions. `scenario_time` is set only for the loader
    of an exercise. `opened`: those of `caveats` that emergency access alone gives (break-glass), `under`:
    which one, or in which viewing as others; that is known to the gateway only.

    `viewer`: who looks at what this one would see, and sees it only where he reads it himself. Such a
    principal has no roles, owns nothing and writes nothing. `stands_for`: the organisation it would be of.
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
    opened: frozenset[str] = frozenset()
    under: RecordId | None = None
    viewer: "Principal | None" = None
    stands_for: RecordId | None = None

    @property
    def without_emergency(self) -> "Principal":
        """The same caller without what emergency access opens."""
        if not self.opened:
            return self
        return replace(self, caveats=self.caveats - self.opened, opened=frozenset(), under=None)

    @property
    def asker(self) -> "Principal":
        """Who really asks: the caller himself, or whoever views as somebody else."""
        return self.viewer or self

    @property
    def us(self) -> RecordId:
        """The organisation that pages call "us". It is no ground for any right."""
        return self.stands_for or self.organisation

    @property
    def clearance(self) -> Clearance:
        """What the label rule asks about."""
        atoms = {f"org:{self.organisation}", "community:all"}
        atoms |= {f"community:{community}" for community in self.communities}
        atoms |= {f"org:{self.stands_for}"} if self.stands_for else set()
        also = self.viewer.clearance if self.viewer else None
        return Clearance(self.levels, frozenset(atoms), self.caveats, also)
