"""What a program has met so far, and may use in its next request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.worlds.asking import Answer, Request

KEPT = 40
CREATED = 201
ABSENT = "0" * 26
PLURALS = {
    "organisation": "organisations",
    "place": "places",
    "engagement": "engagements",
    "person": "people",
    "post": "posts",
    "commitment": "commitments",
    "attachment": "attachments",
}


@dataclass
class Known:
    """`ids`: of records of either world, hidden ones too; `open_ids`: of those everybody may refer to.

    `coarse`: what was written, by id, of records of which nobody compared knows exactly when and where.
    `made_by`: what each caller made; `made`: what this one did. `sources`: hidden, of what everybody reads.
    """

    ids: list[str] = field(default_factory=list)
    open_ids: list[str] = field(default_factory=list)
    etags: dict[str, str] = field(default_factory=dict)
    following: list[tuple[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    since: str = ""
    writes: list[Request] = field(default_factory=list)
    coarse: dict[str, dict[str, Any]] = field(default_factory=dict)  # Any: JSON
    made_by: dict[str, list[str]] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def new_program(self, persona: str) -> None:
        """What one caller was given is nothing to the next."""
        self.etags.clear()
        self.following.clear()
        self.places.clear()
        self.writes.clear()
        self.made = self.made_by.setdefault(persona, [])
        self.since = ""

    def met(self, record_id: str, *, everywhere: bool = False) -> None:
        if record_id not in self.ids:
            self.ids.append(record_id)
        if everywhere and record_id not in self.open_ids:
            self.open_ids.append(record_id)
        del self.ids[:-KEPT]
        del self.open_ids[:-KEPT]

    def an_id(self, chance: Random, *kinds: str) -> str:
        """One that was met, hidden or not; now and then one that never was."""
        known = [one for one in self.ids if not kinds or kind_of(one) in kinds]
        if not known or chance.random() < 0.05:
            return f"{chance.choice(kinds or tuple(PLURALS))}_{ABSENT}"
        return chance.choice(known)

    def open_to_all(self, kind: str) -> list[str]:
        return [one for one in self.open_ids if kind_of(one) == kind]

    def learn(self, request: Request, answer: Answer) -> None:
        """From an answer that both worlds gave alike."""
        told = answer.json if request.feed == 0 else {}
        if not isinstance(told, dict):
            return
        if isinstance(told.get("id"), str) and kind_of(told["id"]) in PLURALS:
            self.met(told["id"])
            if etag := answer.header("etag"):
                self.etags[told["id"]] = etag
        if isinstance(told.get("position"), str):
            self.places.append(told["position"])
        if cursor := told.get("next_cursor"):
            self._follow(request, cursor)
        if request.writes and not request.page and answer.status < 300:
            self.writes.append(request)
            if answer.status == CREATED and "id" in told:
                self.made.append(told["id"])

    def _follow(self, request: Request, cursor: str) -> None:
        if request.path.startswith("/v1/changes"):
            self.since = self.since or cursor
        else:
            self.following.append((request.path.partition("&cursor=")[0], cursor))


def kind_of(record_id: str) -> str:
    return record_id.partition("_")[0]


def plural_of(record_id: str) -> str:
    return PLURALS.get(kind_of(record_id), "records")


def one_of(chance: Random, things: Iterable[str]) -> str:
    return chance.choice(list(things))
