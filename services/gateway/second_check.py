"""The second of two independent checks: nothing goes on whose own label says its reader may not see it.

Reporting has already let through only what is readable; this knows nothing of how it did so.
"""

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.coarsening import FIELDS, coarsened
from shared.contracts.event import Group, within
from shared.errors import InvalidError, NotFoundError
from shared.ids import RecordId
from shared.labels import Label, join, reads
from shared.policy import Policy, WireLabel
from shared.principal import Principal

MARKS = frozenset({"id", "owner", "label"})
HANDLING = Group.HANDLING.value
LISTS = ("items", "latest")
Json = dict[str, Any]  # Any: JSON of reporting
_log = logging.getLogger(__name__)


def only_readable(policy: Policy, principal: Principal, answer: Json) -> Json:
    """`answer` without what `principal` may not read. Raises NotFoundError for a lone view."""
    if answer.keys() >= MARKS:
        view = _view(policy, principal, answer)
        if view is None:
            raise NotFoundError
        return view
    lists = {name: answer[name] for name in LISTS if isinstance(answer.get(name), list)}
    return answer | {name: _each(policy, principal, items) for name, items in lists.items()}


def _each(policy: Policy, principal: Principal, items: list[Any]) -> list[Any]:  # Any: JSON
    kept = []
    for item in items:
        if not isinstance(item, dict) or not item.keys() >= MARKS:
            kept.append(item)
        elif (view := _view(policy, principal, item)) is not None:
            kept.append(view)
    return kept


def shown_to(policy: Policy, principal: Principal, view: Json) -> Json | None:
    """What of `view` somebody reads, by its own labels; None: not even its base."""
    base = label_told(policy, view["label"], view["owner"])
    if base is None or not reads(principal.clearance, base):
        return None
    hidden = _hidden(policy, principal, view, base)
    return _without(policy, view, hidden) if hidden else view


def _view(policy: Policy, principal: Principal, view: Json) -> Json | None:
    """As `shown_to`; that anything has to be taken out is a fault somewhere, and is told."""
    shown = shown_to(policy, principal, view)
    if shown is None:
        _log.error("a record was about to be shown to who may not read it", extra={"count": 1})
    elif shown is not view:
        _log.error("groups were about to be shown to who may not read them")
    return shown


def _hidden(policy: Policy, principal: Principal, view: Json, base: Label) -> list[str]:
    wires: Mapping[str, Any] = view.get("group_labels", {})  # Any: labels on the wire
    labels = {group: label_told(policy, wire, view["owner"]) for group, wire in wires.items()}
    hidden = [] if _is_party(principal, view) else [HANDLING]
    return hidden + [
        group
        for group in labels
        if not all(
            _shown(principal, group, base, labels[one])
            for one in within(Group(group))
            if one in labels
        )
    ]


def _is_party(principal: Principal, view: Json) -> bool:
    """Whether he may know what waits to be released: the owner, and the originator."""
    parties = (view["owner"], (view.get("marked") or {}).get("originator"))
    askers = {str(principal.us), str(principal.asker.us)}
    return HANDLING not in view or all(one in parties for one in askers)


def _shown(principal: Principal, group: str, base: Label, label: Label | None) -> bool:
    """Sources are never opened by emergency access."""
    reader = principal.without_emergency if group == Group.SOURCE else principal
    return label is not None and reads(reader.clearance, join(base, label))


def _without(policy: Policy, view: Json, hidden: list[str]) -> Json:
    """With coarse forms in place of what there is one of."""
    kind, forms = RecordId.parse(view["id"]).kind, policy.coarse
    gone = [group for group in hidden if group not in FIELDS]
    told = {name: value for name, value in view.items() if name not in gone}
    coarse = [one for one in map(Group, hidden) if one in FIELDS or forms.form(kind, one)]
    told = coarsened(told, kind, coarse, forms)
    labels = {group: wire for group, wire in view["group_labels"].items() if group not in hidden}
    withheld = [*view.get("withheld", ()), *(one for one in hidden if one != HANDLING)]
    return told | {"group_labels": labels, "withheld": withheld}


def label_told(policy: Policy, wire: Any, owner: Any) -> Label | None:  # Any: JSON of reporting
    """A label on the wire. None when it is no label of this mission: unknown is denied."""
    try:
        return policy.label(WireLabel.model_validate(wire), RecordId.parse(owner))
    except (ValidationError, InvalidError, ValueError, TypeError, AttributeError):
        return None
