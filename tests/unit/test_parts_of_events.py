"""What an event shares with others of its kind is taken out of it without being validated once more."""

import pytest
from pydantic import ValidationError

from shared.contracts.contacts import ContactsEvent, PlaceFields
from shared.contracts.event import fields_of
from shared.event_types import event_types

GIVEN = {"name": {"text": "Malakal", "lang": "en"}, "level": "settlement", "pcode": "SS0101"}


@pytest.fixture
def part() -> PlaceFields:
    amended = event_types(ContactsEvent)["place.amended.v1"].model.model_validate(GIVEN)
    return fields_of(amended, PlaceFields)


def test_a_part_is_what_its_fields_make(part: PlaceFields) -> None:
    made = PlaceFields.model_validate(GIVEN)
    assert part == made
    assert type(part) is PlaceFields
    assert part.model_dump_json() == made.model_dump_json()


def test_a_part_is_frozen_and_equal_to_its_copy(part: PlaceFields) -> None:
    assert part.model_copy() == part
    with pytest.raises(ValidationError):
        part.pcode = "SS0102"  # type: ignore[misc]  # it is frozen: that is what is tried
