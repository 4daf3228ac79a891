"""Two records that are the same: one of them leads to the other, until the merger is undone.

Only the record that is merged changes. Whoever follows it learns of the other, so its labels become the
join of both; undone, status and labels are exactly those from before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.event import Group, Labels
from shared.decider import Context, Reference
from shared.errors import RejectedError, invalid
from shared.ids import RecordId
from shared.labels import Label, from_json, join, reads, to_json
from shared.record_state import GroupLabels, effective

# Nobody is led to private details: they are read one by one, in the record they were noted in. Joined with
# those of another owner they would be read by nobody.
NOT_JOINED = frozenset({Group.PRIVATE})


class Status(StrEnum):
    """Of a record that can be merged."""

    ABSENT = "absent"
    ACTIVE = "active"
    RETIRED = "retired"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Merger:
    """Where a merged record leads; `status` and `labels` are those from before."""

    into: RecordId
    status: Status
    labels: Labels


def merged_labels(labels: Labels, itself: RecordId, into: RecordId, ctx: Context) -> Labels:
    """The labels of `itself` once it leads to `into`. Raises InvalidError naming `/into`.

    Hidden, unknown, retired, merged, of another kind and the record itself answer alike.
    """
    other = ctx.references.get(into)
    if other is None or into.kind is not itself.kind or into == itself:
        raise invalid("/into", "unknown_reference", "There is no such record to merge it into.")
    known = {group: from_json(value) for group, value in labels.items()}
    joined = {
        group: own if group in NOT_JOINED else join(own, _label_of(other, group))
        for group, own in known.items()
    }
    _check_readable(joined, (group for group in joined if joined[group] != known[group]), ctx)
    return {group: to_json(value) for group, value in joined.items() if group not in NOT_JOINED}


def merged_away() -> RejectedError:
    """The answer to whatever would change a merged record."""
    return RejectedError("It was merged into another; amend that one, or un-merge it first.")


def _label_of(other: Reference, group: Group) -> Label:
    return other.groups.get(group, other.label)


def _check_readable(labels: GroupLabels, changed: Iterable[Group], ctx: Context) -> None:
    """Nobody writes what he could not read back."""
    clearance = ctx.principal.clearance
    if not all(reads(clearance, effective(labels, group)) for group in changed):
        raise invalid(
            "/into",
            "label_not_readable",
            "You could not read all of it afterwards: the other record is for other readers.",
        )
