"""What a caller may write, by label: only groups he reads, and only labels he could read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.event import FINER, DomainEvent, Group, Relabelling
from shared.decider import Reference
from shared.errors import InvalidError, RejectedError, invalid
from shared.handling import handling_label, widens
from shared.ids import RecordId
from shared.labels import Clearance, Label, reads
from shared.policy import Policy
from shared.record_state import GroupLabels, effective, labels_after
from shared.validation import unknown_field

GROUP_LABELS = "/group_labels/"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes about which record. `touched`: where in the request which group is written."""

    clearance: Clearance
    record: RecordId
    owner: RecordId
    policy: Policy
    touched: Mapping[str, Group]

    def pointer(self, group: Group) -> str:
        """Where the request writes to `group`: unless it says, a field of the group's name."""
        return next((at for at, named in self.touched.items() if named is group), f"/{group}")


def check_touched(writer: Writer, before: GroupLabels) -> None:
    """Raises InvalidError for a group of an existing record that the writer does not read.

    Before any rule runs: what a rule would say of hidden content must not be heard.
    """
    for pointer, group in writer.touched.items():
        if group in FINER and group not in before:
            _check_told_in_base(pointer)
            continue
        if group not in before or not reads(writer.clearance, effective(before, group)):
            raise unknown_field(pointer)


def check_written(
    writer: Writer, before: GroupLabels, events: Sequence[DomainEvent]
) -> dict[Group, Label]:
    """The labels after `events`. Raises InvalidError, naming the field.

    A group the writer does not read answers exactly as a field that does not exist.
    """
    after = labels_after(before, events)
    after.setdefault(Group.HANDLING, handling_label(writer.owner, None))
    for group in _relabelled(before, after):
        _check_label(writer, before, after, group)
    for event in events:
        if not reads(writer.clearance, effective(after, event.group)):
            raise unknown_field(writer.pointer(event.group))
    return after


def check_widening(
    policy: Policy,
    before: GroupLabels,
    after: GroupLabels,
    events: Sequence[DomainEvent],
    *,
    controlled: bool = False,
) -> None:
    """Raises RejectedError where one person alone would let more people see what is guarded, or what is
    `controlled` by another organisation as its originator.

    A label that only takes away needs nobody else: to raise it must be quick.
    """
    if any(isinstance(event, Relabelling) and event.widens for event in events):
        return
    if shows_guarded(policy, before, after, controlled=controlled):
        raise RejectedError(
            "More people would see it: ask for a release, which a second person approves.",
            code="release_needs_approval",
        )


def shows_guarded(
    policy: Policy, before: GroupLabels, after: GroupLabels, *, controlled: bool = False
) -> bool:
    """Whether a group whose label is guarded, or `controlled`, would be shown to more people."""
    return any(
        widens(before[group], wanted) and (controlled or policy.needs_second_person(before[group]))
        for group, wanted in after.items()
        if group in before
    )


def check_derived(
    sources: Mapping[RecordId, Reference | None], before: GroupLabels, after: GroupLabels
) -> None:
    """Raises InvalidError where a record would be shown to more than may see what it is made of.

    A source that the writer cannot see (None) allows nothing more, whatever its label.
    """
    known, wanted = before.get(Group.BASE), after[Group.BASE]
    if known is None or not widens(known, wanted):
        return
    if any(source is None or widens(source.label, wanted) for source in sources.values()):
        raise invalid(
            "/label",
            "label_below_record",
            "It belongs to a record that fewer may see; use that record's label.",
        )


def _relabelled(before: GroupLabels, after: GroupLabels) -> list[Group]:
    """Base first: a base that cannot be read back explains every group's trouble."""
    changed = [group for group, label in after.items() if before.get(group) != label]
    return sorted(changed, key=lambda group: group is not Group.BASE)


def _check_label(writer: Writer, before: GroupLabels, after: GroupLabels, group: Group) -> None:
    is_base = group is Group.BASE
    pointer = "/label" if is_base else f"{GROUP_LABELS}{group}"
    if group in before and not reads(writer.clearance, effective(before, group)):
        raise unknown_field(pointer)
    if reads(writer.clearance, effective(after, group)):
        return
    if is_base or not _is_default(writer, before, after, group):
        raise _not_readable(writer.clearance, effective(after, group), pointer)


def _check_told_in_base(pointer: str) -> None:
    """Raises InvalidError for a label: what was told exactly stands in versions it would be read from."""
    if pointer.startswith(GROUP_LABELS):
        raise invalid(
            pointer, "label_too_late", "Who sees this exactly is said when the record begins."
        )


def _is_default(writer: Writer, before: GroupLabels, after: GroupLabels, group: Group) -> bool:
    """Nobody asked for it, so nobody is told: a mission's default may lie above the writer."""
    default = writer.policy.default(writer.record.kind, group, writer.owner)
    return group not in before and after[group] == default


def _not_readable(reader: Clearance, label: Label, pointer: str) -> InvalidError:
    if any(reader.levels.get(policy, -1) < level for policy, level in label.levels):
        return invalid(
            f"{pointer}/level", "label_above_clearance", "This level is above your own clearance."
        )
    return invalid(
        pointer,
        "label_not_readable",
        "You could not read this back: name yourself, or drop a caveat.",
    )
