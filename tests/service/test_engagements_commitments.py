"""Commitments over HTTP, against real PostgreSQL and NATS: alone and out of a debrief."""

from typing import Any

import asyncpg
import pytest

from shared.ids import Kind, RecordId
from tests.service.deciding_world import an_organisation
from tests.service.engagement_world import Gazette, a_meeting, a_plan

DUE = "2040-02-01T12:00:00Z"


def a_promise(them: Any, **more: Any) -> Any:
    given = {"direction": "by_us", "what": "Escort for the grain convoy", "due_at": DUE}
    return given | {"to": {"organisation_id": them}} | more


@pytest.fixture
async def them(contacts, engagements):
    """An organisation, and our officer's line to engagements once it is known there."""
    return await Gazette(contacts, engagements).organisation()


async def test_a_promise_is_given_accepted_noted_and_kept(them, installed):
    organisation, ours = them
    made = await ours.post("/commitments", a_promise(organisation))
    assert (made.status, made.json["readable"]) == (201, ["base", "own_side"])
    at = f"/commitments/{made.id}"
    steps = [
        await ours.post(f"{at}/accept", {}),
        await ours.post(f"{at}/progress", {"progress": 2, "note": "Trucks are loaded"}),
        await ours.post(f"{at}/assess", {"assessment": "They will wait"}),
        await ours.post(f"{at}/renegotiate", {"reason": "Rain", "due_at": "2040-03-01T00:00:00Z"}),
        await ours.post(f"{at}/keep", {"evidence": "Delivery note 17"}),
    ]
    assert [one.status for one in steps] == [200] * 5
    assert await installed.events("engagements", made.id) == [
        "given", "accepted", "progress_noted", "assessed", "renegotiated", "kept",
    ]  # fmt: skip


async def test_the_counterpart_acknowledges_and_disputes_what_it_reads(them, installed):
    organisation, ours = them
    made = await ours.post("/commitments", a_promise(organisation))
    at = f"/commitments/{made.id}"
    theirs = ours.but(organisation=RecordId.parse(organisation), client="theirs")
    mine = await ours.post(f"{at}/acknowledge", {})
    assert (mine.status, mine.json["code"]) == (409, "own_commitment")
    assert (await ours.post(f"{at}/keep", {})).errors == [("/evidence", "evidence_required")]
    answers = [
        await theirs.post(f"{at}/dispute", {"text": "Only half came"}),
        await theirs.post(f"{at}/acknowledge", {"note": "Now all is here"}),
        await theirs.post(f"{at}/keep", {}),
        await ours.post(f"{at}/keep", {}),
    ]
    assert [one.status for one in answers] == [200, 200, 403, 200]
    assert await installed.events("engagements", made.id) == [
        "given", "disputed", "acknowledged", "kept",
    ]  # fmt: skip


async def test_what_a_stranger_may_not_see_is_not_there_for_him(them):
    organisation, ours = them
    made = await ours.post("/commitments", a_promise(organisation))
    stranger = ours.but(
        organisation=an_organisation(), communities=frozenset({"ngo"}), client="other"
    )
    for verb, body in (("dispute", {"text": "No"}), ("acknowledge", {}), ("keep", {})):
        hidden = await stranger.post(f"/commitments/{made.id}/{verb}", body)
        absent = await stranger.post(f"/commitments/{RecordId.new(Kind.COMMITMENT)}/{verb}", body)
        assert (hidden.status, hidden.json["code"]) == (absent.status, absent.json["code"])
        assert hidden.status == 404


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"to": None}, ("/to", "required")),
        ({"direction": "to_us", "by": None}, ("/by", "required")),
        ({"to": {}}, ("/to", "invalid")),
        ({"what": ""}, ("/what", "too_short")),
        ({"due_at": "2040-01-02T09:00:00"}, ("/due_at", "zone_required")),
        ({"engagement_id": str(RecordId.new(Kind.ENGAGEMENT))},
         ("/engagement_id", "unknown_reference")),
        ({"to": {"post_id": str(RecordId.new(Kind.POST))}}, ("/to/post_id", "unknown_reference")),
    ],
)  # fmt: skip
async def test_bad_input_names_its_field(them, change, error):
    organisation, ours = them
    answer = await ours.post("/commitments", a_promise(organisation, **change))
    assert (answer.status, error in answer.errors) == (422, True), answer.json


async def test_a_hidden_engagement_and_an_absent_one_answer_alike(them):
    organisation, ours = them
    theirs = ours.but(organisation=an_organisation(), client="theirs")
    hidden = await theirs.post("/engagements", a_plan(label={"level": "confidential"}))
    asked = [
        await ours.post("/commitments", a_promise(organisation, engagement_id=one))
        for one in (hidden.id, str(RecordId.new(Kind.ENGAGEMENT)))
    ]
    assert [one.json["errors"] for one in asked] == [asked[0].json["errors"]] * 2


async def test_putting_the_same_twice_makes_one_commitment(them):
    organisation, ours = them
    first = await ours.put_external("commitments", "ledger", "17", a_promise(organisation))
    again = await ours.put_external("commitments", "ledger", "17", a_promise(organisation))
    assert (first.status, again.status) == (201, 200)
    assert (again.id, again.json["outcome"]) == (first.id, "unchanged")


async def test_a_batch_gives_and_moves_commitments_in_order(them, installed):
    organisation, ours = them
    items = [
        {"key": "give", "action": "create", "body": a_promise(organisation)},
        {"key": "accept", "action": "accept", "id": "@give", "body": {}},
        {"key": "break", "action": "break", "id": "@give", "body": {"reason": "No fuel"}},
        {"key": "late", "action": "accept", "id": "@give", "body": {}},
        {"key": "odd", "action": "sell", "id": "@give", "body": {}},
    ]
    answers = await ours.batch("commitments", *items)
    assert [one["status"] for one in answers] == [201, 200, 200, 409, 422]
    told = await installed.events("engagements", answers[0]["id"])
    assert told == ["given", "accepted", "broken"]


def a_debrief(**promise: Any) -> Any:
    return {
        "summary": "They agreed to meet again.",
        "commitments": [{"direction": "by_us", "what": "A pump", "due_at": DUE} | promise],
    }


def meeting_with(organisation: Any, **more: Any) -> Any:
    seat = {"side": "counterpart", "organisation_id": organisation}
    return a_meeting(participants=[seat]) | more


def given_at(answer) -> list[str]:
    return [
        hint["record_id"] for hint in answer.json["hints"] if hint["code"] == "commitment_given"
    ]


async def test_what_is_promised_at_a_debrief_becomes_commitments(them, installed):
    organisation, ours = them
    made = await ours.post("/engagements/record_held", meeting_with(organisation))
    at, body = f"/engagements/{made.id}/debrief", a_debrief()
    body["commitments"] += [{"direction": "to_us", "what": "Free passage"}]
    answer = await ours.post(at, body, key="the-debrief")
    assert answer.status == 200, answer.json
    for one in given_at(answer):
        assert await installed.events("engagements", one) == ["given"]
    assert len(given_at(answer)) == 2
    again = await ours.post(at, body, key="the-debrief")
    assert (again.json["replayed"], given_at(again)) == (True, given_at(answer))


BREAK = """
create function no_promises() returns trigger language plpgsql as
    $$ begin raise exception 'the disk is full'; end $$;
create trigger no_promises before insert on events
    for each row when (new.type = 'commitment.given.v1') execute function no_promises();
"""


async def test_a_debrief_cut_off_before_its_promises_is_completed_by_a_retry(them, installed):
    organisation, ours = them
    made = await ours.post("/engagements/record_held", meeting_with(organisation))
    at, body = f"/engagements/{made.id}/debrief", a_debrief()
    owner = await asyncpg.connect(installed.databases.url("engagements", "owner"))
    try:
        await owner.execute(BREAK)
        cut_off = await ours.post(at, body, key="cut-off")
        await owner.execute("drop trigger no_promises on events")
    finally:
        await owner.close()
    assert cut_off.status == 500
    assert await installed.events("engagements", made.id) == ["recorded", "debriefed"]
    answer = await ours.post(at, body, key="cut-off")
    assert (answer.status, len(given_at(answer))) == (200, 1)


async def test_an_unplanned_meeting_is_recorded_with_its_promises(them, installed):
    organisation, ours = them
    body = meeting_with(organisation, debrief=a_debrief())
    answer = await ours.post("/engagements/record_held", body)
    assert (answer.status, len(given_at(answer))) == (201, 1), answer.json


async def test_somebody_known_by_name_only_is_promised_something(them):
    _, ours = them
    seat = {"side": "counterpart", "name": "Invented Person"}
    body = a_meeting(participants=[seat], debrief=a_debrief())
    answer = await ours.post("/engagements/record_held", body)
    assert (answer.status, len(given_at(answer))) == (201, 1), answer.json


async def test_a_wrong_promise_leaves_the_debrief_unwritten(them, installed):
    organisation, ours = them
    made = await ours.post("/engagements/record_held", meeting_with(organisation))
    at = f"/engagements/{made.id}/debrief"
    nobody = {"to": {"organisation_id": str(an_organisation())}}
    answer = await ours.post(at, a_debrief(**nobody))
    assert answer.errors == [("/commitments/0/to/organisation_id", "unknown_reference")]
    assert await installed.events("engagements", made.id) == ["recorded"]


async def test_without_one_counterpart_a_promise_must_say_to_whom(engagements):
    answer = await engagements.post("/engagements/record_held", a_meeting(debrief=a_debrief()))
    assert answer.errors == [("/debrief/commitments/0/to", "required")]
