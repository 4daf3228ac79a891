"""What is sealed cannot be read, moved or altered; what is empty is not sealed at all."""

import secrets
from uuid import uuid4

import orjson
import pytest
from cryptography.exceptions import InvalidTag

from shared.contracts.engagements import (
    CancelReason,
    EngagementCancelled,
    EngagementDebriefed,
    EngagementEvent,
    PlacePinned,
)
from shared.event_types import event_types
from shared.keys import Key
from shared.sealing_box import opened, split, stored
from shared.values import Text

TYPES = event_types(EngagementEvent)
KEY = Key(1, secrets.token_bytes(32))
SUBJECT = "engagement_01h455vb4pex5vsknk084sn02q"
DEBRIEFED = EngagementDebriefed(summary=Text(text="They agreed to the corridor.", lang="en"))
CANCELLED = EngagementCancelled(cancel_reason=CancelReason.ROUTES)


def test_sealed_words_do_not_stand_in_the_stored_bytes() -> None:
    data = stored(split(DEBRIEFED, TYPES[DEBRIEFED.type]), uuid4(), DEBRIEFED.type, SUBJECT, KEY)

    assert b"corridor" not in data
    assert b"summary" not in data


def test_a_box_opens_with_its_key_for_its_event() -> None:
    event_id = uuid4()
    data = stored(split(DEBRIEFED, TYPES[DEBRIEFED.type]), event_id, DEBRIEFED.type, SUBJECT, KEY)
    entry = orjson.loads(data)["sealed"][0]

    found = opened(entry, event_id, DEBRIEFED.type, KEY)

    assert found == {"summary": {"text": "They agreed to the corridor.", "lang": "en"}}


@pytest.mark.parametrize("moved", ["event", "type", "subject"])
def test_a_box_moved_elsewhere_does_not_open(moved: str) -> None:
    event_id = uuid4()
    data = stored(split(DEBRIEFED, TYPES[DEBRIEFED.type]), event_id, DEBRIEFED.type, SUBJECT, KEY)
    entry = orjson.loads(data)["sealed"][0]
    entry["key"] = "engagement_other" if moved == "subject" else SUBJECT
    type_ = "engagement.other.v1" if moved == "type" else DEBRIEFED.type

    with pytest.raises(InvalidTag):
        opened(entry, uuid4() if moved == "event" else event_id, type_, KEY)


def test_a_destroyed_key_opens_nothing_and_raises_nothing() -> None:
    event_id = uuid4()
    data = stored(split(DEBRIEFED, TYPES[DEBRIEFED.type]), event_id, DEBRIEFED.type, SUBJECT, KEY)
    entry = orjson.loads(data)["sealed"][0]

    assert opened(entry, event_id, DEBRIEFED.type, Key(1, None)) is None
    assert opened(entry, event_id, DEBRIEFED.type, None) is None


def test_an_event_with_nothing_to_hide_needs_no_key() -> None:
    data = stored(split(CANCELLED, TYPES[CANCELLED.type]), uuid4(), CANCELLED.type, SUBJECT, None)

    assert orjson.loads(data) == {"type": "engagement.cancelled.v1", "cancel_reason": "routes"}


def test_stored_bytes_are_canonical() -> None:
    data = stored(split(CANCELLED, TYPES[CANCELLED.type]), uuid4(), CANCELLED.type, SUBJECT, None)

    assert data == orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)


def test_an_erased_text_says_so_and_an_erased_point_says_nothing() -> None:
    assert TYPES[DEBRIEFED.type].stand_ins == {"summary": {"text": "[erased]", "lang": "zxx"}}
    assert TYPES["engagement.place_pinned.v1"].stand_ins is None
    assert PlacePinned in {shape.model for shape in TYPES.values()}
