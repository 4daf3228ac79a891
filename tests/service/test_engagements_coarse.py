"""Exact time and place under labels of their own: who may write them, and what a write leaves alone."""

from typing import Any

import pytest

from tests.service.engagement_world import a_plan

OWN: dict[str, Any] = {"level": "public", "releasable_to": [], "caveats": ["PROTECTION"]}
OPEN: dict[str, Any] = {"level": "public", "releasable_to": [["all"]], "caveats": []}
FINER = {"time": OWN, "place": OWN}
REASON = {"reason": "Better known."}
CAMP = {"place": {"name": "Hidden Camp"}}


@pytest.fixture
def blind(engagements):
    """Of the owner's own organisation, and may know the day and the district alone."""
    return engagements.but(caveats=frozenset())


async def test_a_write_names_the_finer_groups_where_the_record_has_them_apart(engagements, blind):
    made = await engagements.post("/engagements", a_plan(**CAMP, label=OPEN, group_labels=FINER))
    assert {"place", "time"} <= set(made.json["readable"])
    cancelled = await blind.post(f"/engagements/{made.id}/cancel", {"reason": "routes"})
    assert cancelled.status == 200
    assert not {"place", "time", "exact_place"} & set(cancelled.json["readable"])


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("amend", a_plan(**REASON)),
        ("postpone", {"starts_at": "2040-01-03T09:00:00Z"}),
        ("hold", {}),
        ("debrief", {"summary": "They agreed."}),
    ],
)
async def test_who_is_told_the_day_alone_hears_nothing_of_the_time_by_writing(
    engagements, blind, verb, body
):
    made = await engagements.post("/engagements", a_plan(label=OPEN, group_labels=FINER))
    answer = await blind.post(f"/engagements/{made.id}/{verb}", body)
    assert answer.errors == [("/starts_at", "unknown_field")]


async def test_a_place_that_is_not_named_stays_where_not_everybody_knows_of_it(
    engagements, installed
):
    only_place = {"label": OPEN, "group_labels": {"place": OWN}}
    made = await engagements.post("/engagements", a_plan(**CAMP, **only_place))
    blind = engagements.but(caveats=frozenset())
    amended = await blind.post(
        f"/engagements/{made.id}/amend", a_plan(purpose="Water talks", **REASON)
    )
    assert amended.status == 200
    again = await engagements.post(
        f"/engagements/{made.id}/amend", a_plan(purpose="Water talks", **CAMP, **REASON)
    )
    assert again.json["outcome"] == "unchanged"


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("relabel", {}),
        ("request_release", {}),
        ("schedule", {"declassify_at": "2040-01-01T00:00:00Z"}),
    ],
)
async def test_what_was_told_exactly_gets_no_label_of_its_own_later(engagements, verb, more):
    made = await engagements.post("/engagements", a_plan(label=OPEN))
    body = {"label": OPEN, "group_labels": {"time": OWN}} | more
    answer = await engagements.post(f"/engagements/{made.id}/{verb}", body)
    assert ("/group_labels/time", "label_too_late") in answer.errors
