"""What others would get of a record under other labels, by the rule of every view. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from services.gateway.explaining.somebody import somebody
from services.gateway.explaining.who import readers
from services.gateway.explaining.why import View
from services.gateway.second_check import label_told, shown_to
from shared.contracts.event import Group, within
from shared.labels import Label, join
from shared.policy import Policy
from shared.principal import Principal

Wanted = Mapping[str, Mapping[str, Any]]  # Any: labels on the wire, by group
Counts = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Organisations, and how many of each read a group: as it is, and as it would be."""

    group: str
    now: Counts
    then: Counts


@dataclass(frozen=True, slots=True)
class Asked:
    """`named`: records that `view` names, as whoever asks reads them. `caveats`: held by the audience."""

    view: View
    named: Sequence[View]
    wanted: Wanted
    audience: str
    caveats: Sequence[str] = ()


def preview(
    policy: Policy, asked: Asked, let_in: Sequence[Principal]
) -> dict[str, Any]:  # Any: JSON
    """`view`, `named` and `reach`, as pages and partners are told."""
    reader = somebody_of(policy, asked)
    counted = reach(policy, asked.view, asked.wanted, let_in)
    return {
        "view": previewed(policy, asked.view, asked.wanted, reader),
        "named": [one["id"] for one in asked.named if shown_to(policy, reader, dict(one))],
        "reach": [{"group": r.group, "now": dict(r.now), "then": dict(r.then)} for r in counted],
    }


def relabelled(view: View, wanted: Wanted) -> dict[str, Any]:  # Any: JSON of a view
    """`view` under the labels that are wanted; groups that are not named keep theirs."""
    groups = {g: wanted.get(g, wire) for g, wire in view["group_labels"].items()}
    return {**view, "label": wanted.get(Group.BASE, view["label"]), "group_labels": groups}


def somebody_of(policy: Policy, asked: Asked) -> Principal:
    """Of a community or an organisation (`org:..`) and of nothing else, reaching the levels that are wanted,
    with these caveats only."""
    wires = [relabelled(asked.view, asked.wanted)["label"], *asked.wanted.values()]
    level = max(policy.ordinal(wire["level"]) for wire in wires)
    return somebody(asked.audience, {policy.id: level}, asked.caveats)


def previewed(
    policy: Policy, view: View, wanted: Wanted, reader: Principal
) -> dict[str, Any] | None:  # Any: JSON of a view
    """What `reader` would get. None: nothing at all.

    Of groups that whoever looks does not read himself, nothing is told.
    """
    return shown_to(policy, reader, relabelled(view, wanted))


def reach(
    policy: Policy, view: View, wanted: Wanted, let_in: Sequence[Principal]
) -> Sequence[Reach]:
    """For every group that is shown of `view`, the base first."""
    before, after = _effective(policy, view), _effective(policy, relabelled(view, wanted))
    return [
        Reach(group, readers(let_in, label), readers(let_in, after[group]))
        for group, label in before.items()
    ]


def _effective(policy: Policy, view: View) -> dict[str, Label]:
    owner = view["owner"]
    base = label_told(policy, view["label"], owner)
    if base is None:
        return {}
    told = {g: label_told(policy, wire, owner) for g, wire in view["group_labels"].items()}
    labels = {Group.BASE.value: base} | {group: label for group, label in told.items() if label}
    return {
        group: reduce(join, (labels[one] for one in within(Group(group)) if one in labels))
        for group in labels
    }
