"""An engagement's life over HTTP, against real PostgreSQL and NATS."""

import asyncio

import pytest

from shared.eventstore.store import open_store
from shared.ids import Kind, RecordId
from shared.roles import Role
from tests.service.deciding_world import an_organisation
from tests.service.engagement_world import a_meeting, a_plan

EVERY_GROUP = ["base", "identity", "exact_place", "own_side", "source"]
DEBRIEF = {"summary": "They agreed to meet again.", "atmosphere": "positive"}
WHOLE = {
    "place": {"name": "Under the big tree"},
    "participants": [{"name": "Invented Person", "side": "counterpart"}],
    "exact_place": {"point": {"lat": 9.5312, "lon": 31.6603}},
    "own_side": {"red_lines": ["No promise of escort"]},
    "source": {"description": "An elder", "grade": {"reliability": "B", "credibility": "2"}},
}


async def test_an_engagement_is_planned_with_all_its_groups(engagements, installed):
    answer = await engagements.post("/engagements", a_plan(**WHOLE))
    assert (answer.status, answer.json["readable"]) == (201, EVERY_GROUP)
    assert await installed.events("engagements", answer.id) == [
        "planned", "participant_named", "place_pinned", "preparation_noted", "source_recorded",
    ]  # fmt: skip


async def test_nothing_sensitive_is_stored_in_clear(engagements, installed):
    answer = await engagements.post("/engagements", a_plan(**WHOLE))
    url = installed.databases.url("engagements", "app")
    async with open_store(url, connections=1) as store:
        stored = b"".join(event.data + event.meta for event in await store.load(answer.id))
    secrets = (b"Cattle", b"Invented", b"9.53", b"escort", b"elder", b"big tree")
    assert [secret for secret in secrets if secret in stored] == []


async def test_it_is_proposed_accepted_confirmed_and_cancelled(engagements, installed):
    made = await engagements.post("/engagements", a_plan(status="proposed"))
    at = f"/engagements/{made.id}"
    steps = [await engagements.post(f"{at}/{step}", {}) for step in ("plan", "confirm")]
    cancelled = await engagements.post(f"{at}/cancel", {"reason": "routes", "details": "Mud"})
    assert [one.status for one in (*steps, cancelled)] == [200, 200, 200]
    again = await engagements.post(f"{at}/cancel", {"reason": "by_us"})
    assert (again.status, again.json["outcome"]) == (200, "unchanged")
    assert await installed.events("engagements", made.id) == [
        "proposed", "proposal_accepted", "confirmed", "cancelled",
    ]  # fmt: skip


async def test_an_unplanned_meeting_is_recorded_and_debriefed_in_one_append(engagements, installed):
    answer = await engagements.post("/engagements/record_held", a_meeting(debrief=DEBRIEF))
    assert (answer.status, answer.json["version"]) == (201, 2)
    assert await installed.events("engagements", answer.id) == ["recorded", "debriefed"]


async def test_a_meeting_recorded_as_held_is_debriefed_later(engagements):
    made = await engagements.post("/engagements/record_held", a_meeting())
    source = {"description": "An elder"}
    body = DEBRIEF | {"statements": [{"side": "counterpart", "text": "Open"}], "source": source}
    answer = await engagements.post(f"/engagements/{made.id}/debrief", body)
    assert (answer.status, answer.json["version"]) == (200, 3)


async def test_amending_needs_a_reason(engagements):
    made = await engagements.post("/engagements", a_plan())
    answer = await engagements.post(f"/engagements/{made.id}/amend", a_plan())
    assert answer.errors == [("/reason", "required")]


async def test_amending_what_names_people_makes_no_new_people(engagements):
    body = a_plan(participants=WHOLE["participants"])
    made = await engagements.post("/engagements", body)
    at = f"/engagements/{made.id}/amend"
    answer = await engagements.post(at, body | {"reason": "Sent again"})
    assert answer.json["outcome"] == "unchanged"


async def test_putting_the_same_twice_makes_one_record(engagements):
    first = await engagements.put_external("engagements", "diary", "17", a_plan(**WHOLE))
    again = await engagements.put_external("engagements", "diary", "17", a_plan(**WHOLE))
    assert (first.status, again.status) == (201, 200)
    assert (again.id, again.json["outcome"]) == (first.id, "unchanged")


async def test_twenty_puts_at_once_make_one_record(engagements):
    answers = await asyncio.gather(
        *(engagements.put_external("engagements", "diary", "17", a_plan()) for _ in range(20))
    )
    assert {one.id for one in answers if one.status < 300} == {answers[0].id}
    assert max(one.status for one in answers) in (200, 201, 409)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"starts_at": "2040-01-02T09:00:00"}, ("/starts_at", "zone_required")),
        ({"starts_at": "2020-01-02T09:00:00Z"}, ("/starts_at", "not_in_future")),
        ({"duration_minutes": None, "ends_at": "2040-01-02T08:00:00Z"}, ("/ends_at", "invalid")),
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"type": "party"}, ("/type", "not_one_of")),
        ({"purpose": ""}, ("/purpose", "too_short")),
        ({"participants": [{"side": "ours"}]}, ("/participants/0", "invalid")),
        ({"place": {}}, ("/place", "invalid")),
        ({"label": {"level": "cosmic"}}, ("/label/level", "unknown_level")),
    ],
)
async def test_bad_input_names_its_field(engagements, change, error):
    answer = await engagements.post("/engagements", a_plan(**change))
    assert (answer.status, error in answer.errors) == (422, True), answer.json


async def test_a_group_the_caller_does_not_read_is_a_field_he_does_not_have(engagements):
    blind = engagements.but(caveats=frozenset({"PROTECTION"}))
    answer = await blind.post("/engagements", a_plan(own_side=WHOLE["own_side"]))
    assert answer.errors == [("/own_side", "unknown_field")]


async def test_who_reads_less_is_told_which_groups_are_left(engagements):
    blind = engagements.but(caveats=frozenset())
    answer = await blind.post("/engagements", a_plan())
    assert answer.json["readable"] == ["base", "exact_place"]


async def test_what_is_hidden_and_what_is_absent_answer_alike(engagements):
    made = await engagements.post("/engagements", a_plan())
    stranger = engagements.but(organisation=an_organisation(), communities=frozenset({"ngo"}))
    absent = RecordId.new(Kind.ENGAGEMENT)
    steps = [("cancel", {"reason": "by_us"}), ("confirm", {}), ("amend", a_plan(reason="x"))]
    hidden = [await stranger.post(f"/engagements/{made.id}/{step}", body) for step, body in steps]
    gone = [await stranger.post(f"/engagements/{absent}/{step}", body) for step, body in steps]
    told = [(one.status, one.json["code"], one.json["detail"]) for one in hidden]
    assert told == [(one.status, one.json["code"], one.json["detail"]) for one in gone]
    assert {status for status, _, _ in told} == {404}


async def test_only_the_owner_changes_it(engagements):
    made = await engagements.post("/engagements", a_plan())
    other = engagements.but(organisation=an_organisation())
    assert (await other.post(f"/engagements/{made.id}/confirm", {})).status == 403


async def test_a_wrong_state_is_refused_and_changes_nothing(engagements, installed):
    made = await engagements.post("/engagements", a_plan(status="proposed"))
    answer = await engagements.post(f"/engagements/{made.id}/confirm", {})
    assert (answer.status, answer.json["code"]) == (409, "rejected")
    assert await installed.events("engagements", made.id) == ["proposed"]


async def test_a_batch_tells_a_whole_story_under_the_scenarios_clock(engagements, installed):
    loader = engagements.but(
        roles=frozenset({Role.LOADER}),
    )
    body = a_plan(starts_at="2024-05-02T09:00:00Z")
    answers = await loader.batch(
        "engagements",
        {"key": "a", "scenario_time": "2024-05-01T08:00:00Z", "body": body},
        {"key": "b", "action": "confirm", "id": "@a", "scenario_time": "2024-05-01T12:00:00Z"},
        {
            "key": "c", "action": "debrief", "id": "@a", "body": DEBRIEF,
            "scenario_time": "2024-05-02T18:00:00Z",
        },
    )  # fmt: skip
    assert [one["status"] for one in answers] == [201, 200, 200], answers
    url = installed.databases.url("engagements", "app")
    async with open_store(url, connections=1) as store:
        events = await store.load(answers[0]["id"])
    assert [(event.type.split(".")[1], event.recorded_at.isoformat()[:13]) for event in events] == [
        ("planned", "2024-05-01T08"), ("confirmed", "2024-05-01T12"),
        ("held", "2024-05-02T18"), ("debriefed", "2024-05-02T18"),
    ]  # fmt: skip


async def test_a_scenario_is_heard_from_its_loader_alone(engagements):
    item = {"key": "a", "scenario_time": "2019-05-01T08:00:00Z"}
    body = a_plan(starts_at="2020-05-02T09:00:00Z")
    answers = await engagements.batch("engagements", item | {"body": body})
    assert answers[0]["problem"]["errors"][0]["code"] == "not_in_future"
