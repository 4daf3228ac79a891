"""The mission policy as data: levels, communities, caveats, default labels; and labels on the wire.

On the wire a label is `{"level", "releasable_to": [[..], ..], "caveats": [..]}` in the installation's own
policy. The owner's organisation is added to every clause; an empty audience is the owner alone.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shared.coarsening import Coarse, Form
from shared.contracts.event import Group
from shared.errors import FieldError, InvalidError
from shared.ids import Kind, RecordId
from shared.labels import Label, label
from shared.roles import Role

DISTRICT_LETTERS = "district_letters"


# That a clause is never empty is checked where the policy is, which says what to do.
Clause = Annotated[tuple[str, ...], Field(json_schema_extra={"minItems": 1})]


class WireLabel(BaseModel):
    """A label as partners write and read it. `releasable_to`: any one of each inner list is enough."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: Annotated[str, Field(max_length=64)]
    releasable_to: Annotated[tuple[Clause, ...], Field(max_length=16)] = ()
    caveats: Annotated[tuple[str, ...], Field(max_length=16)] = ()


@dataclass(frozen=True, slots=True)
class Level:
    id: str
    ordinal: int
    name: str
    short: str
    colour: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The mission policy. Build with `load_policy`. `review_after_years`: if a label names no day itself.

    `community_levels`: up to which level somebody of each reads, where others' views are looked at.
    """

    id: str
    version: int
    mission_name: str
    area: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    levels: tuple[Level, ...]
    communities: Mapping[str, str]
    community_levels: Mapping[str, int]
    caveats: Mapping[str, str]
    roles: Mapping[Role, str]
    defaults: Mapping[Kind, Mapping[Group, WireLabel]]
    needs_approval: frozenset[str]
    overlap_hours: int
    second_person_from: int
    reads_logged_above: int
    review_after_years: int
    openable: frozenset[str]
    emergency_roles: frozenset[Role]
    clocks: Mapping[str, int]
    coarse: Coarse
    basemap: Mapping[str, Any]  # Any: settings the map page alone reads

    def level(self, ordinal: int) -> Level:
        return next(level for level in self.levels if level.ordinal == ordinal)

    def ordinal(self, level_id: str) -> int:
        """Raises KeyError for a level the policy does not have."""
        for level in self.levels:
            if level.id == level_id:
                return level.ordinal
        raise KeyError(level_id)

    def label(self, wire: WireLabel, owner: RecordId, pointer: str = "/label") -> Label:
        """Raises InvalidError, naming the field, for a level, audience or caveat unknown here."""
        self.check(wire, pointer)
        clauses = [self._clause(clause, owner) for clause in wire.releasable_to]
        return label(
            {self.id: self.ordinal(wire.level)},
            clauses or [frozenset({f"org:{owner}"})],
            wire.caveats,
        )

    def default(self, kind: Kind, group: Group, owner: RecordId) -> Label:
        """The label a group gets when its writer says nothing; owner only where the policy is silent."""
        wire = self.defaults.get(kind, {}).get(group)
        if wire is None:
            highest = max(level.ordinal for level in self.levels)
            return label({self.id: highest}, [{f"org:{owner}"}])
        return self.label(wire, owner)

    def has_default(self, kind: Kind, group: Group) -> bool:
        return group in self.defaults.get(kind, {})

    def needs_second_person(self, value: Label) -> bool:
        """Whether nobody alone may let more people see what carries this label."""
        return bool(value.caveats) or dict(value.levels).get(self.id, 0) >= self.second_person_from

    def logs_reads(self, value: Label) -> bool:
        """Whether it is kept who was shown what carries this label."""
        return bool(value.caveats) or dict(value.levels).get(self.id, 0) > self.reads_logged_above

    def wire(self, value: Label, owner: RecordId | str) -> dict[str, Any]:  # Any: JSON
        """The label as its readers see it; the owner's own atom, being in every clause, is left out."""
        own = f"org:{owner}"
        ordinal = dict(value.levels).get(self.id, 0)
        clauses = sorted(sorted(_spoken(atom) for atom in c if atom != own) for c in value.clauses)
        return {
            "level": self.level(ordinal).id,
            "releasable_to": [clause for clause in clauses if clause],
            "caveats": sorted(value.caveats),
        }

    def _clause(self, clause: Iterable[str], owner: RecordId) -> frozenset[str]:
        return frozenset({f"org:{owner}", *(_atom(word) for word in clause)})

    def check(self, wire: WireLabel, pointer: str) -> None:
        """Raises InvalidError, naming the field, for a level, audience or caveat unknown here."""
        wrong = []
        if wire.level not in {level.id for level in self.levels}:
            wrong.append(FieldError(f"{pointer}/level", "unknown_level", "No such level here."))
        for number, clause in enumerate(wire.releasable_to):
            at = f"{pointer}/releasable_to/{number}"
            if not clause:
                wrong.append(
                    FieldError(at, "empty", "Name at least one audience, or leave it out.")
                )
            wrong += [
                FieldError(at, "unknown_audience", "No such community or organisation here.")
                for word in clause
                if not self.is_audience(word)
            ]
        wrong += [
            FieldError(f"{pointer}/caveats", "unknown_caveat", "No such caveat here.")
            for caveat in wire.caveats
            if caveat not in self.caveats
        ]
        if wrong:
            raise InvalidError("The label is not one of this mission's.", errors=tuple(wrong))

    def is_audience(self, word: str) -> bool:
        """Whether it is a community's id, or `org:` and the id of an organisation's record."""
        if word.startswith("org:"):
            return _is_organisation(word.removeprefix("org:"))
        return word in self.communities


def load_policy(path: Path) -> Policy:
    """Reads the policy file. Raises KeyError, ValueError or OSError when it is not one."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    levels = tuple(Level(**level) for level in raw["policy"]["levels"])
    return Policy(
        id=raw["policy"]["id"],
        version=raw["policy"]["version"],
        mission_name=raw["mission_name"],
        area=tuple(raw["area"]),
        zone=raw["zone"],
        languages=tuple(raw["languages"]),
        levels=levels,
        communities=raw["communities"],
        community_levels=_community_levels(raw, levels),
        caveats=raw["caveats"],
        roles={Role(role): name for role, name in raw["roles"].items()},
        defaults={
            Kind(kind): {Group(group): WireLabel(**wire) for group, wire in groups.items()}
            for kind, groups in raw["defaults"].items()
        },
        needs_approval=frozenset(raw["approval"]["engagement_types"]),
        overlap_hours=raw["overlap"]["window_hours"],
        second_person_from=_second_person_from(raw, levels),
        openable=_openable(raw),
        emergency_roles=frozenset(map(Role, raw.get("emergency", {}).get("roles", ()))),
        reads_logged_above=_reads_logged_above(raw, levels),
        review_after_years=raw["labels"]["review_after_years"],
        clocks=raw["clocks"],
        coarse=_coarse(raw.get("coarse", {})),
        basemap=raw["basemap"],
    )


def _community_levels(
    raw: Mapping[str, Any], levels: tuple[Level, ...]
) -> dict[str, int]:  # Any: TOML
    """Ordinals; of a community that the mission says nothing of, the lowest.

    Raises ValueError for a community or a level that it does not have.
    """
    ordinals, named = {level.id: level.ordinal for level in levels}, raw.get("view_as", {})
    if not (named.keys() <= raw["communities"].keys() and {*named.values()} <= ordinals.keys()):
        raise ValueError("others are viewed as known communities, up to known levels")
    least = dict.fromkeys(raw["communities"], min(ordinals.values()))
    return least | {community: ordinals[level] for community, level in named.items()}


def _second_person_from(raw: Mapping[str, Any], levels: tuple[Level, ...]) -> int:  # Any: TOML
    """The ordinal; a mission that says nothing asks for a second person always."""
    named = raw.get("release", {}).get("second_person_from")
    if named is None:
        return min(level.ordinal for level in levels)
    return next(level.ordinal for level in levels if level.id == named)


def _reads_logged_above(raw: Mapping[str, Any], levels: tuple[Level, ...]) -> int:  # Any: TOML
    """The ordinal; a mission that says nothing logs all above its lowest level."""
    named = raw.get("reads", {}).get("logged_above")
    if named is None:
        return min(level.ordinal for level in levels)
    return next(level.ordinal for level in levels if level.id == named)


def _openable(raw: Mapping[str, Any]) -> frozenset[str]:  # Any: TOML
    """Caveats that emergency access may open; a mission that says nothing opens none.

    Raises ValueError for one that protects sources: those are opened for nobody.
    """
    named = frozenset(raw.get("emergency", {}).get("opens", ()))
    defaults = (groups.get(Group.SOURCE.value, {}) for groups in raw["defaults"].values())
    never = {"SOURCE"}.union(*(wire.get("caveats", ()) for wire in defaults))
    if named & never or not named <= raw["caveats"].keys():
        raise ValueError("emergency access opens known caveats, and none that protects sources")
    return named


def _coarse(raw: Mapping[str, Any]) -> Coarse:  # Any: TOML
    """Without a form what is finer than the base is withheld altogether."""
    forms = {
        Kind(kind): {Group(group): Form(form) for group, form in groups.items()}
        for kind, groups in raw.items()
        if kind != DISTRICT_LETTERS
    }
    return Coarse(forms, raw[DISTRICT_LETTERS]) if DISTRICT_LETTERS in raw else Coarse(forms)


def _atom(word: str) -> str:
    return word if word.startswith("org:") else f"community:{word}"


def _spoken(atom: str) -> str:
    return atom.removeprefix("community:")


def _is_organisation(spelled: str) -> bool:
    try:
        return RecordId.parse(spelled).kind is Kind.ORGANISATION
    except ValueError:
        return False
