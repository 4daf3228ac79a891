"""What the clock knows of a commitment, and what time it goes by."""

from datetime import timedelta
from functools import reduce
from typing import Any
from uuid import uuid4

import orjson

from services.engagements.clock_watch import watched_after
from shared.event_meta import EventMeta
from shared.eventstore.model import NO_HASH, Recorded
from shared.eventstore.stamps import stamp
from shared.ids import Kind, RecordId
from shared.telling import QUIET_SECONDS, Telling
from tests.unit.story import NOW, OURS

ID = RecordId.new(Kind.COMMITMENT)
META = EventMeta(ID, OURS, "officer", OURS, "", True).to_bytes()
DUE, LATER = "2030-02-01T12:00:00Z", "2030-03-01T12:00:00Z"
LAST_MONTH = NOW - timedelta(days=30)


def recorded(word: str, **data: Any) -> Any:
    return Recorded(
        position=1, epoch=1, id_bytes=uuid4().bytes, stream_id=str(ID), version=1,
        type=f"commitment.{word}.v1", data=orjson.dumps(data), meta=META,
        occurred_stamp=stamp(NOW), recorded_stamp=stamp(NOW), prev_hash=NO_HASH, hash=NO_HASH,
    )  # fmt: skip


def watched(*events: Any) -> tuple[bool, bool, int]:
    told = [event._replace(version=at) for at, event in enumerate(events, 1)]
    known = reduce(watched_after, told, None)
    assert known is not None
    return known.open, known.raised, known.since


def test_what_is_given_is_open_since_its_first_event():
    assert watched(recorded("given", due_at=DUE)) == (True, False, 1)


def test_what_fell_overdue_is_raised_until_it_is_due_anew():
    given, overdue = recorded("given", due_at=DUE), recorded("overdue", due_at=DUE)
    assert watched(given, overdue) == (True, True, 1)
    assert watched(given, overdue, recorded("renegotiated", due_at=LATER)) == (True, False, 3)


def test_what_is_agreed_anew_for_the_same_time_stays_raised():
    given, overdue = recorded("given", due_at=DUE), recorded("overdue", due_at=DUE)
    assert watched(given, overdue, recorded("amended", due_at=DUE)) == (True, True, 1)


def test_what_is_closed_stays_closed():
    for word in ("kept", "broken", "withdrawn"):
        assert watched(recorded("given", due_at=DUE), recorded(word)) == (False, False, 1)


def test_while_a_scenario_is_told_its_latest_moment_is_now():
    telling = Telling().heard(LAST_MONTH, NOW, 100.0)
    assert telling.scenario(100.0 + QUIET_SECONDS - 1) == LAST_MONTH


def test_once_nothing_more_of_a_scenario_is_heard_the_present_is_now():
    telling = Telling().heard(LAST_MONTH, NOW, 100.0)
    assert telling.scenario(100.0 + QUIET_SECONDS) is None


def test_a_scenario_that_has_reached_the_present_is_over_at_once():
    telling = Telling().heard(LAST_MONTH, NOW, 100.0).heard(NOW, NOW, 101.0)
    assert telling.scenario(101.0) is None
