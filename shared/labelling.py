"""Labels a writer asks for, turned into the labels an event carries."""

from collections.abc import Iterable, Mapping

from shared.contracts.event import FINER, Group, Labels
from shared.errors import FieldError, InvalidError
from shared.ids import Kind, RecordId
from shared.labels import Label, to_json
from shared.policy import Policy, WireLabel
from shared.validation import UNKNOWN_FIELD


def labels_for(
    kind: Kind,
    groups: Iterable[Group],
    label: WireLabel | None,
    group_labels: Mapping[Group, WireLabel],
    owner: RecordId,
    policy: Policy,
) -> Labels:
    """Labels of all `groups` of a new record: what was asked, else the mission's default.

    Groups finer than the base have one only where either says so.

    Raises InvalidError, naming the field, for a level, audience, caveat or group unknown here.
    """
    known = tuple(groups)
    asked = _asked(known, label, group_labels, owner, policy)
    return {
        group: to_json(asked[group] if group in asked else policy.default(kind, group, owner))
        for group in known
        if group in asked or group not in FINER or policy.has_default(kind, group)
    }


def relabels_for(
    groups: Iterable[Group],
    label: WireLabel | None,
    group_labels: Mapping[Group, WireLabel],
    owner: RecordId,
    policy: Policy,
) -> Labels:
    """Only the labels that were asked for, for an existing record. Raises as `labels_for` does."""
    asked = _asked(tuple(groups), label, group_labels, owner, policy)
    return {group: to_json(value) for group, value in asked.items()}


def _asked(
    groups: tuple[Group, ...],
    label: WireLabel | None,
    group_labels: Mapping[Group, WireLabel],
    owner: RecordId,
    policy: Policy,
) -> dict[Group, Label]:
    strangers = [
        FieldError(f"/group_labels/{group}", "unknown_field", UNKNOWN_FIELD)
        for group in group_labels
        if group not in groups or group is Group.BASE
    ]
    if strangers:
        raise InvalidError(
            "A label names a group this kind does not have.", errors=tuple(strangers)
        )
    asked = {Group.BASE: policy.label(label, owner)} if label else {}
    for group, wire in group_labels.items():
        asked[group] = policy.label(wire, owner, f"/group_labels/{group}")
    return asked
