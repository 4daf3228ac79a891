"""A small world of records with every kind of label, and the oracle: the pure rule applied to it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import contacts, engagements
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import Clearance, join, reads
from shared.policy import Policy, WireLabel
from tests.e2e.partner import Partner, Persona

AUDIENCES: tuple[list[list[str]], ...] = (
    [],
    [["mil"]],
    [["un"]],
    [["ngo", "local"]],
    [["mission"], ["mil"]],
    [["all"]],
)
LEVELS = ("public", "unclassified", "confidential")
CAVEATS: tuple[list[str], ...] = ([], ["PROTECTION"])
GROUPS = contacts.GROUPS | engagements.GROUPS
GROUP_AUDIENCES: tuple[list[list[str]], ...] = ([["all"]], [["mil"]], [["un", "ngo"]])


@dataclass(frozen=True, slots=True)
class Known:
    """A record this test wrote: what only its readers may learn, and its labels."""

    id: str
    owner: RecordId
    word: str
    label: WireLabel
    group_labels: Mapping[Group, WireLabel]
    starts_at: str
    kind: Kind = Kind.ENGAGEMENT


def clearance(persona: Persona, policy: Policy) -> Clearance:
    atoms = {f"org:{persona.organisation_id}", "community:all"}
    atoms |= {f"community:{community}" for community in persona.communities}
    levels = {policy.id: policy.ordinal(persona.level)}
    return Clearance(levels, frozenset(atoms), frozenset(persona.caveats))


def readable_groups(record: Known, reader: Clearance, policy: Policy) -> frozenset[Group]:
    """The groups of `record` that `reader` may see; none when its base is hidden."""
    base = policy.label(record.label, record.owner)
    if not reads(reader, base):
        return frozenset()
    labels = {
        group: policy.label(record.group_labels[group], record.owner)
        if group in record.group_labels
        else policy.default(record.kind, group, record.owner)
        for group in GROUPS[record.kind]
        if group is not Group.BASE
    }
    seen = {group for group, label in labels.items() if reads(reader, join(base, label))}
    return frozenset(seen | {Group.BASE})


async def write_world(
    writer: Partner, policy: Policy, mark: str, kind: Kind = Kind.ENGAGEMENT
) -> list[Known]:
    """One record for each combination of level, audience and caveat that `writer` may write."""
    own = clearance(writer.persona, policy)
    owner = RecordId.parse(writer.persona.organisation_id)
    known = []
    combinations = itertools.product(LEVELS, AUDIENCES, CAVEATS)
    for number, (level, audience, caveats) in enumerate(combinations):
        label = WireLabel.model_validate(
            {"level": level, "releasable_to": audience, "caveats": caveats}
        )
        if reads(own, policy.label(label, owner)):
            write = WRITING[kind]
            known.append(await write(writer, owner, label, f"{mark}{number:03d}", number))
    return known


async def _write(
    writer: Partner, owner: RecordId, label: WireLabel, word: str, number: int
) -> Known:
    audience = GROUP_AUDIENCES[number % len(GROUP_AUDIENCES)]
    group_label = WireLabel.model_validate({"level": "public", "releasable_to": audience})
    groups = {Group.IDENTITY: group_label, Group.EXACT_PLACE: group_label}
    starts_at = f"2031-03-{number % 27 + 1:02d}T09:00:00Z"
    body: dict[str, Any] = {  # Any: JSON
        "purpose": f"Talks {word}base",
        "type": "routine_liaison",
        "starts_at": starts_at,
        "place": {"name": "Malakal"},
        "participants": [{"name": f"Invented {word}identity", "side": "counterpart"}],
        "exact_place": {
            "point": {"lat": 9.5 + number / 1000, "lon": 31.6},
            "description": f"Behind {word}exact_place",
        },
        "label": label.model_dump(mode="json"),
        "group_labels": {g.value: w.model_dump(mode="json") for g, w in groups.items()},
    }
    answer = await writer.post("/v1/engagements", body)
    return Known(answer["id"], owner, word, label, groups, starts_at)


async def _write_person(
    writer: Partner, owner: RecordId, label: WireLabel, word: str, number: int
) -> Known:
    """Somebody with a name, protocol notes and private details, each with a word of its own."""
    groups = {Group.IDENTITY: _group_label(number), Group.PROTOCOL: _group_label(number + 1)}
    body: dict[str, Any] = {  # Any: JSON
        "described_as": f"Chief {word}base",
        "identity": {"name": f"Invented {word}identity"},
        "protocol": [{"text": f"Greets {word}protocol"}],
        **_labelled(label, groups),
    }
    answer = await writer.post("/v1/people", body)
    return Known(answer["id"], owner, word, label, groups, "", Kind.PERSON)


async def _write_promise(
    writer: Partner, owner: RecordId, label: WireLabel, word: str, number: int
) -> Known:
    body: dict[str, Any] = {  # Any: JSON
        "direction": "by_us",
        "what": f"Grade the road {word}base",
        "to": {"organisation_id": str(owner)},
        "due_at": f"2031-03-{number % 27 + 1:02d}T09:00:00Z",
        **_labelled(label, {}),
    }
    answer = await writer.post("/v1/commitments", body)
    return Known(answer["id"], owner, word, label, {}, body["due_at"], Kind.COMMITMENT)


def _group_label(number: int) -> WireLabel:
    audience = GROUP_AUDIENCES[number % len(GROUP_AUDIENCES)]
    return WireLabel.model_validate({"level": "public", "releasable_to": audience})


def _labelled(label: WireLabel, groups: Mapping[Group, WireLabel]) -> dict[str, Any]:  # Any: JSON
    return {
        "label": label.model_dump(mode="json"),
        "group_labels": {g.value: w.model_dump(mode="json") for g, w in groups.items()},
    }


WRITING = {
    Kind.ENGAGEMENT: _write,
    Kind.PERSON: _write_person,
    Kind.COMMITMENT: _write_promise,
}
