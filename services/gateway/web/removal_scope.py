"""What of a record goes for good when it is removed, what stays, and which other records go along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.fields_told import Field, fields_by_group
from services.gateway.web.loading import Failed
from services.gateway.web.page import View
from shared.contracts.event import FINER, Group
from shared.ids import Kind
from shared.left_after_removal import left_of

# Of these something may stay: codes, times and ids that were never sealed.
PARTLY = frozenset({Group.BASE, *FINER})
MERGED = "merged_into"


@dataclass(frozen=True, slots=True)
class Scope:
    """`goes`: fields by group, every group that there is for this reader. `stays`: for the owner alone."""

    goes: Mapping[str, Sequence[Field]]
    stays: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Around:
    """Ids of other records, as far as this reader is shown them: those that go too, and those that stay."""

    along: Sequence[str]
    beside: Sequence[str]


def scope_of(view: View) -> Scope:
    """By the same rule as the read model is made anew by."""
    goes: dict[str, list[Field]] = {}
    stays: list[Field] = []
    for group, fields in fields_by_group(view).items():
        if group == Group.HANDLING:
            continue
        kept = [one for one in fields if group in PARTLY and _stays(one)]
        goes[group] = [one for one in fields if one not in kept]
        stays += kept
    title = view["title"]
    if all(one.value != title for one in goes[Group.BASE]):
        goes[Group.BASE] = [Field("title", title, ()), *goes[Group.BASE]]
    return Scope(goes, stays)


def around(view: View, edges: Mapping[str, Any] | Failed) -> Around:  # Any: JSON
    """A person takes along who was merged into it. Whatever else refers to it is a record of its own."""
    if isinstance(edges, Failed):
        return Around((), ())
    here, person = view["id"], view["kind"] == Kind.PERSON
    refers = [edge for edge in edges["items"] if edge["to"] == here and edge["from"] != here]
    along = {edge["from"] for edge in refers if person and edge["kind"] == MERGED}
    beside = {edge["from"]: None for edge in refers if edge["from"] not in along}
    return Around(sorted(along), list(beside))


def _stays(field: Field) -> bool:
    told = {field.name: field.value}
    return left_of(told) == told
