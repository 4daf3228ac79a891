"""Versions of views, cursors of the feed and positions: what they tell, and what they do not."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.gateway.feed.changes import Cursor, _each
from services.gateway.partner_api import etags
from services.gateway.positions import Memory, at_least_header, furthest
from services.gateway.sign_in import local_path

SECRET = b"s" * 32
VIEW: dict[str, Any] = {
    "id": "engagement_00000000000000000000000001",
    "kind": "engagement",
    "view_version": 7,
    "source_version": 9,
    "group_labels": {"identity": {}, "exact_place": {}},
    "withheld": ["own_side", "source"],
}


def test_a_view_and_the_write_that_made_it_have_one_version() -> None:
    readable = ["base", "identity", "exact_place"]
    assert etags.version_of_view(SECRET, VIEW) == etags.version_of(SECRET, VIEW["id"], 7, readable)


def test_a_hidden_change_leaves_the_version_as_it_was() -> None:
    hidden_change = VIEW | {"source_version": 12}
    assert etags.version_of_view(SECRET, hidden_change) == etags.version_of_view(SECRET, VIEW)


@pytest.mark.parametrize("change", [{"view_version": 8}, {"group_labels": {"identity": {}}}])
def test_a_visible_change_changes_the_version(change: dict[str, Any]) -> None:
    assert etags.version_of_view(SECRET, VIEW | change) != etags.version_of_view(SECRET, VIEW)


@pytest.mark.parametrize(
    ("header", "weak", "expected"),
    [
        ('"v"', False, True),
        ('"a", "v"', False, True),
        ("*", False, True),
        ('W/"v"', False, False),
        ('W/"v"', True, True),
        ("v", False, False),
    ],
)
def test_a_precondition_names_versions_as_the_standard_says(
    header: str, weak: bool, expected: bool
) -> None:
    assert etags.matches(header, "v", weak=weak) is expected


def change(source: str, position: int) -> dict[str, Any]:
    return {"source": source, "epoch": 1, "position": position}


def cursors(*changes: dict[str, Any]) -> Iterator[Any]:
    start = Cursor({"contacts": [1, 0], "engagements": [1, 0]}, "r")
    end = Cursor({"contacts": [1, 9], "engagements": [1, 9]}, "r")
    return (cursor.vector for _, cursor in _each(list(changes), start, end))


def test_a_cursor_passes_a_position_only_when_all_of_it_is_told() -> None:
    first, second, _ = cursors(change("contacts", 3), change("contacts", 3), change("contacts", 4))
    assert first == {"contacts": [1, 0], "engagements": [1, 0]}
    assert second == {"contacts": [1, 3], "engagements": [1, 0]}


def test_the_last_cursor_of_a_look_also_passes_what_was_hidden() -> None:
    *_, last = cursors(change("contacts", 3), change("engagements", 2))
    assert last == {"contacts": [1, 9], "engagements": [1, 9]}


def test_a_client_is_remembered_by_the_furthest_of_its_writes() -> None:
    memory = Memory()
    memory.remember("ann", "contacts", {"epoch": 1, "position": 8})
    memory.remember("ann", "contacts", {"epoch": 1, "position": 5})
    memory.remember("ann", "engagements", {"items": [{"epoch": 1, "position": 3}, {"status": 422}]})
    assert memory.recall("ann") == {"contacts": (1, 8), "engagements": (1, 3)}
    assert memory.recall("ben") == {}


def test_a_newer_epoch_is_further_than_any_position_of_the_older() -> None:
    assert furthest([{"contacts": (1, 900)}, {"contacts": (2, 1)}]) == {"contacts": (2, 1)}


def test_positions_are_spelled_for_services() -> None:
    vector = {"engagements": (1, 77), "contacts": (1, 120), "reporting": (0, 0)}
    assert at_least_header(vector) == {"Parley-At-Least": "contacts=1:120,engagements=1:77"}
    assert at_least_header({}) == {}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/engagements?q=x", "/engagements?q=x"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere(target: str, expected: str) -> None:
    assert local_path(target) == expected
