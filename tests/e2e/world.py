"""A small world of records with every kind of label, and the oracle: the pure rule applied to it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.engagements import GROUPS
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
        else policy.default(Kind.ENGAGEMENT, group, record.owner)
        for group in GROUPS[Kind.ENGAGEMENT]
        if group is not Group.BASE
    }
    seen = {group for group, label in labels.items() if reads(reader, join(base, label))}
    return frozenset(seen | {Group.BASE})


async def write_world(writer: Partner, policy: Policy, mark: str) -> list[Known]:
    """One engagement for each combination of level, audience and caveat that `writer` may write."""
    own = clearance(writer.persona, policy)
    owner = RecordId.parse(writer.persona.organisation_id)
    known = []
    combinations = itertools.product(LEVELS, AUDIENCES, CAVEATS)
    for number, (level, audience, caveats) in enumerate(combinations):
        label = WireLabel.model_validate(
            {"level": level, "releasable_to": audience, "caveats": caveats}
        )
        if reads(own, policy.label(label, owner)):
            known.append(await _write(writer, owner, label, f"{mark}{number:03d}", number))
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
