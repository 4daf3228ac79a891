"""Records of every kind with labels of every shape, each group of fields with a word that is nowhere else."""

import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.partner_api.kinds import KINDS
from shared.contracts import contacts, engagements
from shared.contracts.event import Group, within
from shared.ids import Kind, RecordId
from shared.labels import Clearance, reads
from shared.policy import Policy, WireLabel
from tests.security.bodies import WHEN, Json

Act = Callable[[str, Json], Awaitable[Json]]
GROUPS = contacts.GROUPS | engagements.GROUPS
LEVELS = ("public", "unclassified", "confidential")
AUDIENCES: tuple[list[list[str]], ...] = (
    [], [["mil"]], [["un"]], [["ngo", "local"]], [["mission"], ["mil"]], [["all"]],
)  # fmt: skip
CAVEATS: tuple[list[str], ...] = ([], ["PROTECTION"])
GROUP_AUDIENCES: tuple[list[list[str]], ...] = ([["all"]], [["mil"]], [["un", "ngo"]], [])
# No words of theirs are in a view: private details are read by a write alone, the others are not written.
WITHOUT_WORDS = {
    (Kind.PERSON, Group.PRIVATE),
    (Kind.POST, Group.IDENTITY),
    (Kind.COMMITMENT, Group.OWN_SIDE),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A record, its labels as they were written, and its words by group."""

    id: str
    kind: Kind
    owner: RecordId
    label: WireLabel
    group_labels: Mapping[Group, WireLabel]
    words: Mapping[Group, str]

    def shown_to(self, reader: Clearance, policy: Policy) -> frozenset[Group]:
        """By the pure rule: the groups he sees; none when the base is hidden."""
        base = policy.label(self.label, self.owner)
        if not reads(reader, base):
            return frozenset()
        told = {g: policy.label(one, self.owner) for g, one in self.group_labels.items()}
        labels = {Group.BASE: base} | told
        return frozenset(
            group
            for group in labels
            if all(reads(reader, labels[one]) for one in within(group) if one in labels)
        )


def clearance(line: Mapping[str, Any], policy: Policy) -> Clearance:  # Any: JSON
    """Of a persona, from what the mission says of him."""
    atoms = {f"org:{line['organisation_id']}", "community:all"}
    atoms |= {f"community:{community}" for community in line["communities"]}
    levels = {policy.id: policy.ordinal(line["level"])}
    return Clearance(levels, frozenset(atoms), frozenset(line["caveats"]))


async def plant(act: Act, owner: RecordId, policy: Policy) -> list[Planted]:
    """As somebody of `owner` who reads all of it. `act` writes, and gives the answer."""
    planted = []
    for api in KINDS:
        for number, told in enumerate(_labels()):
            groups = _group_labels(api.kind, number)
            words = _words(api.kind, number)
            body = BODIES[api.kind](words, number) | {
                "label": told.model_dump(mode="json"),
                "group_labels": {g.value: one.model_dump(mode="json") for g, one in groups.items()},
            }
            if api.kind is Kind.COMMITMENT:
                body["to"] = {"organisation_id": str(owner)}
            answer = await act(f"/v1/{api.plural}", body)
            planted.append(Planted(answer["id"], api.kind, owner, told, groups, words))
    return planted


def _words(kind: Kind, number: int) -> dict[Group, str]:
    """Of a time that is told exactly the word is the time itself, another for each record."""
    words = {g: f"qk{kind[:2]}{number:02d}{g.value.replace('_', '')}" for g in GROUPS[kind]}
    exact = {Group.TIME: f"{WHEN[: len('2031-01-01T00')]}:{number:02d}:07Z"}
    return words | {group: time for group, time in exact.items() if group in words}


def _labels() -> Iterator[WireLabel]:
    for number, (level, audience) in enumerate(itertools.product(LEVELS, AUDIENCES)):
        caveats = CAVEATS[(number // len(AUDIENCES) + number) % len(CAVEATS)]
        yield WireLabel.model_validate(
            {"level": level, "releasable_to": audience, "caveats": caveats}
        )


def _group_labels(kind: Kind, number: int) -> dict[Group, WireLabel]:
    return {
        group: WireLabel.model_validate(
            {
                "level": "public",
                "releasable_to": GROUP_AUDIENCES[(number + place) % len(GROUP_AUDIENCES)],
            }
        )
        for place, group in enumerate(g for g in GROUPS[kind] if g is not Group.BASE)
    }


def _place(words: Mapping[Group, str], number: int) -> Json:
    point = {"lat": 9.4 + number / 1000, "lon": 31.5}
    return {"name": words[Group.BASE], "level": "admin3", "point": point, "precision": "settlement"}


def _person(words: Mapping[Group, str], number: int) -> Json:
    return {
        "described_as": words[Group.BASE],
        "identity": {"name": words[Group.IDENTITY]},
        "protocol": [{"text": words[Group.PROTOCOL]}],
        "private": {"private_note": words[Group.PRIVATE]},
    }


def _engagement(words: Mapping[Group, str], number: int) -> Json:
    return {
        "purpose": words[Group.BASE],
        "type": "routine_liaison",
        "starts_at": words[Group.TIME],
        "place": {"name": words[Group.PLACE]},
        "participants": [{"name": words[Group.IDENTITY], "side": "counterpart"}],
        "exact_place": {
            "point": {"lat": 9.5 + number / 1000, "lon": 31.6},
            "description": words[Group.EXACT_PLACE],
        },
        "own_side": {"talking_points": [words[Group.OWN_SIDE]]},
        "source": {"description": words[Group.SOURCE]},
    }


def _named(words: Mapping[Group, str], number: int) -> Json:
    return {"name": words[Group.BASE]}


def _promise(words: Mapping[Group, str], number: int) -> Json:
    return {"direction": "by_us", "what": words[Group.BASE]}


BODIES = {
    Kind.ORGANISATION: _named,
    Kind.PLACE: _place,
    Kind.PERSON: _person,
    Kind.POST: _named,
    Kind.ENGAGEMENT: _engagement,
    Kind.COMMITMENT: _promise,
}
