"""The form of a release: to whom, which parts, and the labels that makes. The address is its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.web.forms import Form
from services.gateway.web.page import View
from shared.contracts.event import Group
from shared.policy import Policy

ORGANISATION = "org:"
MANY = ("releasable_to", "part")
Wire = Mapping[str, Any]  # Any: a label


@dataclass(frozen=True, slots=True)
class Chosen:
    """`organisation`: one more audience, by the id of its record."""

    level: str
    audiences: Sequence[str]
    parts: Sequence[str]

    @property
    def is_said(self) -> bool:
        return bool(self.level and self.audiences)


def chosen_in(form: Form, organisation_id: str | None, policy: Policy) -> Chosen:
    """What the form says, one more organisation included; what is no audience here is left out."""
    one_more = [f"{ORGANISATION}{organisation_id}"] if organisation_id else []
    named = [*form.many.get("releasable_to", ()), *one_more]
    audiences = dict.fromkeys(word for word in named if policy.is_audience(word))
    return Chosen(form["level"], list(audiences), list(form.many.get("part", ())))


def wanted_by(chosen: Chosen, view: View) -> dict[str, dict[str, Any]]:  # Any: labels on the wire
    """Labels by group: the record's, and those of parts that go along. Caveats stay."""
    told = {Group.BASE.value: view["label"], **view["group_labels"]}
    parts = [part for part in chosen.parts if part in view["group_labels"]]
    return {
        group: {
            "level": chosen.level,
            "releasable_to": [list(chosen.audiences)],
            "caveats": list(told[group].get("caveats") or ()),
        }
        for group in (Group.BASE.value, *parts)
    }


def body_of(wanted: Mapping[str, Wire]) -> dict[str, Any]:  # Any: JSON
    """The request that asks for these labels."""
    groups = {group: wire for group, wire in wanted.items() if group != Group.BASE}
    return {"label": wanted[Group.BASE]} | ({"group_labels": groups} if groups else {})


def first_choice(view: View) -> tuple[dict[str, str], dict[str, list[str]]]:
    """As the record stands."""
    return {"level": view["label"]["level"]}, {"releasable_to": list(only_clause(view))}


def only_clause(view: View) -> Sequence[str]:
    """Of whom any one is enough. Where more is asked of a reader than that, a form cannot say it: nobody."""
    clauses = view["label"]["releasable_to"]
    return clauses[0] if len(clauses) == 1 else ()


def audiences_of(wanted: Mapping[str, Wire]) -> list[str]:
    """Everybody a release is for, each once."""
    clauses = (clause for wire in wanted.values() for clause in wire["releasable_to"])
    return list(dict.fromkeys(word for clause in clauses for word in clause))


def newcomer(audiences: Sequence[str], view: View) -> str:
    """Whose view is previewed unless another is asked for: the first who is not named yet."""
    named = {word for clause in view["label"]["releasable_to"] for word in clause}
    return next((one for one in audiences if one not in named), audiences[0] if audiences else "")


def is_guarded(policy: Policy, view: View, wanted: Mapping[str, Wire]) -> bool:
    """Whether the mission's policy or the originator asks for a second person."""
    marked = view.get("marked") or {}
    if marked.get("originator_control") and marked.get("originator") != view["owner"]:
        return True
    told = {Group.BASE.value: view["label"], **view["group_labels"]}
    return any(
        told[group].get("caveats")
        or policy.ordinal(told[group]["level"]) >= policy.second_person_from
        for group in wanted
    )
