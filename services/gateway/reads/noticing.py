"""What of an answer is to be noted: records above the mission's base level, or with a caveat. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.second_check import label_told
from shared.contracts.event import Group
from shared.labels import Label, join
from shared.policy import Policy

MARKS = frozenset({"id", "owner", "label"})
LISTS = ("items", "latest")
HISTORY = "history"
Json = Mapping[str, Any]  # Any: JSON of reporting


@dataclass(frozen=True, slots=True)
class Shown:
    """A record somebody is about to be shown. `portions`: effective labels; `version`: of the view."""

    record: str
    owner: str
    portions: Mapping[Group, Label]
    version: int


def shown_in(policy: Policy, path: str, answer: Json) -> Iterator[Shown]:
    """Those in `answer`, of the service's address `path`, that are to be noted."""
    told = (
        [_history(policy, path, answer)] if path.endswith(f"/{HISTORY}") else _views(policy, answer)
    )
    for one in told:
        if any(policy.logs_reads(label) for label in one.portions.values()):
            yield one


def names_all(path: str) -> bool:
    """Whether an answer of this address names every record of which it shows anything.

    Only there does emergency access open anything: what cannot be noted is not shown for it.
    """
    match path.strip("/").split("/"):
        case [("records" | "summary")] | ["records", _] | ["records", _, "history"]:
            return True
        case _:
            return False


def _views(policy: Policy, answer: Json) -> Iterator[Shown]:
    if answer.keys() >= MARKS:
        yield _view(policy, answer)
        return
    for name in LISTS:
        for item in answer.get(name) or ():
            if isinstance(item, dict) and item.keys() >= MARKS:
                yield _view(policy, item)


def _view(policy: Policy, view: Json) -> Shown:
    """Of what the second check let through, so every label is one of the mission's.

    A name that is proposed comes without groups and version: it is under the label it has itself.
    """
    owner, wires = view["owner"], view.get("group_labels", {})
    base = _told(policy, view["label"], owner)
    groups = {Group(g): _told(policy, wire, owner) for g, wire in wires.items()}
    portions = {Group.BASE: base} | {group: join(base, label) for group, label in groups.items()}
    return Shown(view["id"], owner, portions, view.get("view_version", 0))


def _history(policy: Policy, path: str, answer: Json) -> Shown:
    """`path`: /records/{id}/history. Versions of a group carry labels of their own: all were shown."""
    portions: dict[Group, Label] = {}
    for item in answer["items"]:
        group, label = Group(item["group"]), _told(policy, item["label"], answer["owner"])
        portions[group] = join(portions[group], label) if group in portions else label
    return Shown(path.split("/")[-2], answer["owner"], portions, len(answer["items"]))


def _told(policy: Policy, wire: Any, owner: str) -> Label:  # Any: JSON of reporting
    label = label_told(policy, wire, owner)
    if label is None:
        raise ValueError("a label that is none of this mission's was let through")
    return label
