"""One sample of every event type, as it was first written. What was stored must always be readable.

A sample is never changed: a field that must mean something else makes a new version of the type. A field
that was added since, and may be left out, is shown by a further sample, `<type>~2.json`.
"""

import json
from pathlib import Path

import pytest

from shared.contracts.contacts import ContactsEvent
from shared.contracts.engagements import EngagementsEvent
from shared.contracts.gateway import GatewayEvent
from shared.event_types import event_types

FOLDER = Path(__file__).with_name("events")
TYPES = {
    **event_types(ContactsEvent),
    **event_types(EngagementsEvent),
    **event_types(GatewayEvent),
}


SAMPLES = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}


def type_of(name: str) -> str:
    return name.partition("~")[0]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_sample_is_read_and_written_back_the_same(name):
    shape = TYPES[type_of(name)]
    current = shape.current(SAMPLES[name])
    assert shape.model.model_validate(current).model_dump(mode="json", exclude_none=True) == current


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_the_samples_show_every_field(type_):
    samples = [TYPES[type_].current(SAMPLES[name]) for name in SAMPLES if type_of(name) == type_]
    shown = {field for sample in samples for field in sample}
    assert shown == set(TYPES[type_].model.model_fields)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_field_nobody_declared_is_refused(name):
    with pytest.raises(ValueError, match="extra_forbidden"):
        TYPES[type_of(name)].model.model_validate({**SAMPLES[name], "surprise": 1})


def test_every_sample_has_a_type_and_every_type_a_sample():
    assert {type_of(name) for name in SAMPLES} == set(TYPES)
