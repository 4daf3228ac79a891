"""Where a record stands is told alike by the service that decides and by the read model, event for event."""

import json
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from services.engagements import commitment_state, engagement_state
from services.engagements.commitment_state import Commitment
from services.engagements.engagement_state import Engagement
from shared.contracts.commitments import CommitmentEvent
from shared.contracts.engagements import EngagementEvent
from shared.event_types import event_types
from shared.ids import Kind
from tests.unit.test_reporting_folds import folded

SAMPLES = Path(__file__).parents[1] / "contracts" / "events"
BEGIN = ("proposed", "planned", "recorded", "given")


def _samples(union: Any) -> list[Any]:  # Any: a union of contracts, and its events
    return [
        shape.model.model_validate(
            shape.current(json.loads((SAMPLES / f"{name}.json").read_text("utf-8")))
        )
        for name, shape in sorted(event_types(union).items())
    ]


def _histories(events: list[Any]) -> Iterator[tuple[Any, ...]]:
    """A beginning and any two events after it; which of them may follow, the rules of the record say."""
    first = [event for event in events if event.type.split(".")[1] in BEGIN]
    others = [event for event in events if event not in first]
    return product(first, others, others)


@pytest.mark.parametrize(
    ("kind", "union", "begin", "evolve"),
    [
        (Kind.ENGAGEMENT, EngagementEvent, Engagement(), engagement_state.evolve),
        (Kind.COMMITMENT, CommitmentEvent, Commitment(), commitment_state.evolve),
    ],
    ids=["engagement", "commitment"],
)
def test_a_record_stands_where_its_rules_say(
    kind: Kind, union: Any, begin: Any, evolve: Callable[[Any, Any], Any]
) -> None:
    apart = []
    for history in _histories(_samples(union)):
        state = reduce(evolve, history, begin)
        shown = folded(kind, *history).base["status"]
        if shown != state.status:
            apart.append((*(event.type for event in history), state.status.value, shown))
    assert apart == []
