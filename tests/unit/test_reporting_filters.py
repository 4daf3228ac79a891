"""What a list may be asked for, and what is refused by name."""

from datetime import UTC, datetime

import pytest

from services.reporting.filters import Bounds, only_known, read_as_of, read_filters, read_page
from services.reporting.progress import read_at_least, read_vector
from services.reporting.summary import numbers
from shared.errors import MalformedError
from shared.ids import Kind, RecordId
from shared.policy import load_policy
from shared.projection import Checkpoint
from tests.service.reporting_world import POLICY


def test_a_bare_date_means_through_the_end_of_that_day() -> None:
    filters = read_filters({"from": "2030-01-02", "to": "2030-01-02"})
    assert filters.since == datetime(2030, 1, 2, tzinfo=UTC)
    assert filters.until == datetime(2030, 1, 3, tzinfo=UTC)


def test_a_moment_is_taken_exactly() -> None:
    filters = read_filters({"to": "2030-01-02T09:00:00+02:00"})
    assert filters.until == datetime(2030, 1, 2, 7, tzinfo=UTC)


def test_open_stands_for_every_status_that_is_not_over() -> None:
    assert "confirmed" in read_filters({"status": "open"}).status
    assert read_filters({"status": "held,debriefed"}).status == ("held", "debriefed")


def test_a_box_is_read_west_south_east_north() -> None:
    assert read_filters({"bbox": "31,9,32.5,10.5"}).bbox == Bounds(31, 9, 32.5, 10.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "wizard"),
        ("party", "organisation_x"),
        ("from", "yesterday"),
        ("to", "2030-01-02T09:00:00"),
        ("bbox", "1,2,3"),
        ("bbox", "0,20,10,10"),
        ("placed", "perhaps"),
        ("q", "a\x00b"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_filters({name: value})
    assert [error.pointer for error in refused.value.errors] == [f"?{name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("sort", "colour"), ("page_size", "501"), ("page_size", "x"), ("after", "7"), ("count", "1")],
)
def test_a_page_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_page({name: value})
    assert [error.pointer for error in refused.value.errors] == [f"?{name}"]


def test_every_unknown_parameter_is_named() -> None:
    with pytest.raises(MalformedError) as refused:
        only_known({"q": "x", "b": "1", "a": "2"}, ("q",))
    assert [error.pointer for error in refused.value.errors] == ["?a", "?b"]


def test_positions_are_read_per_source() -> None:
    assert read_at_least("contacts=1:120,engagements=2:7") == {
        "contacts": Checkpoint(1, 120),
        "engagements": Checkpoint(2, 7),
    }


@pytest.mark.parametrize("vector", [[], {"gateway": [1, 1]}, {"contacts": [1]}, {"contacts": "x"}])
def test_what_is_no_place_in_the_feed_is_refused(vector: object) -> None:
    with pytest.raises(MalformedError):
        read_vector(vector)


def test_every_number_of_today_is_a_list_one_can_ask_for() -> None:
    owner = RecordId.new(Kind.ORGANISATION)
    told = list(numbers(datetime(2030, 1, 2, 9, 30, tzinfo=UTC), load_policy(POLICY), owner))
    assert {one.key: one.filters.kind for one in told}["organisations"] == ("organisation",)
    assert all(one.filters for one in told)


@pytest.mark.parametrize("told", ["2029-12-31", "2029-12-31T09:00", "0001-01-01T00:00:00+14:00"])
def test_a_past_moment_needs_its_time_and_its_zone(told: str) -> None:
    with pytest.raises(MalformedError):
        read_as_of({"as_of": told}, datetime(2030, 1, 2, tzinfo=UTC))


def test_a_moment_to_come_is_not_known_yet() -> None:
    now = datetime(2030, 1, 2, tzinfo=UTC)
    assert read_as_of({"as_of": "2030-01-02T00:00:00Z"}, now) == now
    with pytest.raises(MalformedError):
        read_as_of({"as_of": "2030-01-02T00:00:01Z"}, now)
