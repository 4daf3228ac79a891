"""What the rules for records of every kind look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.contracts.event import Group
from shared.handling import Handling
from shared.ids import RecordId
from shared.record_state import GroupLabels


@dataclass(frozen=True, slots=True)
class Known:
    """`groups`: those of the kind, which can be labelled."""

    owner: RecordId
    groups: Sequence[Group]
    labels: GroupLabels
    handling: Handling = field(default_factory=Handling)
