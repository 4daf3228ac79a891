"""A record's story told to its decider: given what happened, when somebody orders, then what happens.

story.given(planned).when(CancelEngagement(reason)).then(cancelled)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from shared.decider import Context, Decider, Reference
from shared.errors import AppError, InvalidError
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.policy import load_policy
from shared.principal import Principal
from shared.roles import Role

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
POLICY = load_policy(Path(__file__).parents[2] / "deploy/policy/mission.toml")
OURS = RecordId.new(Kind.ORGANISATION)
READABLE_TO_ALL = label({"un": 0}, [["community:all"]])


def a_reference(kind: Kind) -> Reference:
    """Another record the caller may refer to."""
    return Reference(RecordId.new(kind), READABLE_TO_ALL, "active")


def a_context(now: datetime = NOW, references: tuple[Reference, ...] = ()) -> Context:
    principal = Principal(
        subject="officer",
        organisation=OURS,
        client="client",
        communities=frozenset({"mil"}),
        levels={"un": 3},
        roles=frozenset({Role.LIAISON_OFFICER}),
    )
    known: Mapping[RecordId, Reference] = {one.id: one for one in references}
    return Context(now, principal, POLICY, known)


@dataclass(frozen=True)
class Story:
    decider: Decider
    events: tuple[Any, ...] = ()
    context: Context = field(default_factory=a_context)

    def given(self, *events: Any) -> "Story":
        return replace(self, events=(*self.events, *events))

    def at(self, now: datetime) -> "Story":
        return replace(self, context=replace(self.context, now=now))

    def knowing(self, *references: Reference) -> "Story":
        known = {**self.context.references, **{one.id: one for one in references}}
        return replace(self, context=replace(self.context, references=known))

    def owned(self, by: RecordId = OURS) -> "Story":
        """The record is this organisation's; nobody asks in most stories."""
        return replace(self, context=replace(self.context, owner=by))

    @property
    def state(self) -> Any:
        return reduce(self.decider.evolve, self.events, self.decider.initial)

    def when(self, command: Any) -> "Ending":
        try:
            return Ending(self.decider.decide(self.state, command, self.context), None)
        except AppError as refused:
            return Ending([], refused)


@dataclass(frozen=True)
class Ending:
    events: list[Any]
    refused: AppError | None

    @property
    def types(self) -> list[str]:
        """What happened, in short: `amended` of `organisation.amended.v1`."""
        assert self.refused is None, self.refused.detail
        return [event.type.split(".")[1] for event in self.events]

    @property
    def summary(self) -> str:
        """What happened, or the name of what refused it; one word per table cell."""
        if self.refused is not None:
            return type(self.refused).__name__.removesuffix("Error")
        return " + ".join(self.types) or "nothing"

    def then(self, *events: Any) -> None:
        assert self.refused is None, self.refused.detail
        assert self.events == list(events)

    def then_nothing(self) -> None:
        self.then()

    def then_raises(self, error: type[AppError], words: str = "") -> None:
        assert isinstance(self.refused, error), self.refused or self.types
        assert words in self.refused.detail

    def then_names(self, pointer: str, code: str) -> None:
        """Refused as invalid, naming this field."""
        assert isinstance(self.refused, InvalidError), self.refused or self.types
        assert (pointer, code) in [(one.pointer, one.code) for one in self.refused.errors]
