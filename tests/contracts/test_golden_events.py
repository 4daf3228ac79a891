"""One sample of every event type, as it was first written. What was stored must always be readable.

A sample is never changed: a field that must mean something else makes a new version of the type.
"""

import json
from pathlib import Path

import pytest

from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.event_types import event_types

FOLDER = Path(__file__).with_name("events")
TYPES = {**event_types(ContactsEvent), **event_types(EngagementsEvent)}


def sample(type_: str):
    return json.loads((FOLDER / f"{type_}.json").read_text("utf-8"))


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_the_sample_is_read_and_written_back_the_same(type_):
    event = TYPES[type_].model.model_validate(sample(type_))
    assert event.model_dump(mode="json", exclude_none=True) == sample(type_)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_the_sample_shows_every_field(type_):
    assert set(sample(type_)) == set(TYPES[type_].model.model_fields)


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_a_field_nobody_declared_is_refused(type_):
    with pytest.raises(ValueError, match="extra_forbidden"):
        TYPES[type_].model.model_validate({**sample(type_), "surprise": 1})


def test_every_sample_has_a_type_and_every_type_a_sample():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TYPES)
