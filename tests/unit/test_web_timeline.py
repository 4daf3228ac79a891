"""Days, lanes and gaps of the timeline, and times relative to today."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.gateway.web.relative_times import day_of
from services.gateway.web.timeline import Range, by_day, lanes, organisations_met

TODAY = date(2030, 5, 20)
NOW = datetime(2030, 5, 20, 12, tzinfo=UTC)
WITHIN = Range(date(2030, 4, 20), date(2030, 5, 30))


def met(day: date, whom: str = "a", status: str = "held") -> dict[str, object]:
    participants = [{"side": "counterpart", "organisation_id": whom}]
    return {"starts_at": f"{day}T09:00:00Z", "status": status, "participants": participants}


@pytest.mark.parametrize(
    ("typed", "days"), [("-7d", -7), ("+2w", 14), (" 2w", 14), ("14d", 14), ("today", 0)]
)
def test_a_relative_time_counts_from_today(typed: str, days: int) -> None:
    assert day_of(typed, TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize("typed", ["", "soon", "-7", "7x", "2030-13-01"])
def test_what_is_no_time_is_none(typed: str) -> None:
    assert day_of(typed, TODAY) is None


def test_every_day_is_there_and_its_records_in_order() -> None:
    early, late = met(TODAY), met(TODAY) | {"starts_at": "2030-05-20T10:00:00Z"}
    found = by_day([late, early], WITHIN.days)
    assert len(found) == len(WITHIN.days)
    assert found[TODAY] == [early, late]


def test_a_long_silence_between_two_contacts_is_a_gap() -> None:
    first, last = TODAY - timedelta(days=25), TODAY - timedelta(days=6)
    [lane] = lanes([met(first), met(last)], organisations_met, WITHIN, NOW)
    assert [gap.days for gap in lane.gaps] == [19]


def test_silence_since_the_last_contact_counts_until_now() -> None:
    [lane] = lanes([met(TODAY - timedelta(days=20))], organisations_met, WITHIN, NOW)
    assert [gap.days for gap in lane.gaps] == [20]


def test_a_cancelled_meeting_does_not_break_a_silence() -> None:
    days = [TODAY - timedelta(days=n) for n in (26, 16, 2)]
    views = [met(days[0]), met(days[1], status="cancelled"), met(days[2])]
    [lane] = lanes(views, organisations_met, WITHIN, NOW)
    assert [gap.days for gap in lane.gaps] == [24]
    assert len(lane.bars) == 3


def test_lanes_hold_whom_they_are_of_and_never_our_own_side() -> None:
    ours = {"side": "ours", "organisation_id": "us"}
    view = met(TODAY, "b")
    view["participants"] = [ours, *view["participants"]]  # type: ignore[misc] # a test's own dict
    found = lanes([met(TODAY), met(TODAY), view], organisations_met, WITHIN, NOW)
    assert [lane.key for lane in found] == ["a", "b"]
