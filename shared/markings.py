"""Labels of other policies: what each marking stands for here, and which one says enough there. Pure.

Coming in, a marking is read as the label the mission's policy says it stands for. Going out, a label gets
the first marking of a ladder that keeps out everybody whom the label keeps out.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import invalid
from shared.ids import RecordId
from shared.labels import Label, keeps_out
from shared.policy import Policy, WireLabel


@dataclass(frozen=True, slots=True)
class Marking:
    """`also`: words it went by before. `stands_for`: the label that says the same here."""

    word: str
    also: tuple[str, ...]
    stands_for: WireLabel


@dataclass(frozen=True, slots=True)
class Markings:
    """Another policy. `ladder`: from the most open to the strictest.

    `audiences`, `handling`: its words for communities and caveats of this mission. `informative`: words that
    say nothing of who may read. `refused`: levels that may not be kept here.
    """

    id: str
    name: str
    version: str
    prefix: str
    ladder: tuple[Marking, ...]
    audiences: Mapping[str, str]
    handling: Mapping[str, str]
    informative: frozenset[str]
    refused: frozenset[str]

    @property
    def identifier(self) -> str:
        """As labels of STANAG 4774 name the policy."""
        return self.prefix.strip(" :")

    def read(self, marking: str, pointer: str) -> WireLabel:
        """What it stands for; its case and the policy's prefix do not matter.

        Raises InvalidError for a word the policy does not have, or that may not be kept here.
        """
        word = self._bare(marking)
        if word in self.refused:
            told = f"What is marked {word} may not be kept here. Do not send it."
            raise invalid(pointer, "not_accredited", told)
        for one in self.ladder:
            if word in (one.word, *one.also):
                return one.stands_for
        known = ", ".join(one.word for one in self.ladder)
        told = f"No such marking of {self.name}; there are {known}."
        raise invalid(pointer, "unknown_marking", told)

    def says(self, policy: Policy, value: Label, owner: RecordId) -> str | None:
        """The most open marking that keeps out whom `value` keeps out; None if none is strict enough."""
        for one in self.ladder:
            if keeps_out(policy.label(one.stands_for, owner), value):
                return one.word
        return None

    def is_named(self, identifier: str) -> bool:
        """Whether a label that names its policy so is one of this policy."""
        return identifier.strip().upper() in {self.id.upper(), self.identifier.upper()}

    def _bare(self, marking: str) -> str:
        return marking.strip().upper().removeprefix(self.prefix).strip()


def load_markings(path: Path, policy: Policy) -> tuple[Markings, ...]:
    """Those in the mission policy's file. Raises KeyError, InvalidError or OSError when they are none."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))["markings"]
    found = tuple(_markings(one) for one in raw)
    for one in found:
        for number, step in enumerate(one.ladder):
            policy.check(step.stands_for, f"/markings/{one.id}/ladder/{number}")
    return found


def narrowed(
    label: WireLabel, clauses: Iterable[Iterable[str]], caveats: Iterable[str]
) -> WireLabel:
    """The label with more clauses and caveats. A clause that nobody here meets leaves the owner alone."""
    more = [tuple(sorted(set(clause))) for clause in clauses]
    open_to = (*label.releasable_to, *more) if label.releasable_to and all(more) else ()
    return WireLabel(
        level=label.level,
        releasable_to=open_to,
        caveats=tuple(sorted({*label.caveats, *caveats})),
    )


def _markings(one: Mapping[str, Any]) -> Markings:  # Any: TOML
    return Markings(
        id=one["id"],
        name=one["name"],
        version=one["version"],
        prefix=one["prefix"],
        ladder=tuple(_marking(step) for step in one["ladder"]),
        audiences=one["audiences"],
        handling=one["handling"],
        informative=frozenset(one["informative"]),
        refused=frozenset(one["refused"]),
    )


def _marking(step: Mapping[str, Any]) -> Marking:  # Any: TOML
    label = WireLabel(level=step["level"], releasable_to=step["releasable_to"])
    return Marking(step["marking"], tuple(step.get("also", ())), label)
