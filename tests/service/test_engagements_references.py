"""Engagements refer to contacts' organisations and places, which they follow on the stream."""

import asyncio
from typing import Any

import orjson
import pytest

from shared.eventstore.store import open_store
from shared.ids import Kind, RecordId
from tests.service.deciding_world import Answer, Caller, an_organisation
from tests.service.engagement_world import Gazette, a_plan

MILITARY = {"level": "confidential", "releasable_to": [["mil"]]}


@pytest.fixture
async def gazette(contacts, engagements):
    return Gazette(contacts, engagements.but(organisation=contacts.principal.organisation))


def at(name: str) -> dict[str, Any]:
    return a_plan(place={"name": name})


def with_organisation(id_: object) -> dict[str, Any]:
    return a_plan(participants=[{"side": "partner", "organisation_id": str(id_)}])


def hints(answer: Answer) -> list[str]:
    return [hint["code"] for hint in answer.json["hints"]]


@pytest.mark.parametrize("name", ["Malakal", "  malakal ", "ＭＡＬＡＫＡＬ", "Upper   River"])
async def test_a_name_that_means_one_place_links(gazette, name):
    _, caller = await gazette.place(alternative_names=["Upper River"])
    answer = await caller.post("/engagements", at(name))
    assert (answer.status, hints(answer)) == (201, []), answer.json


async def test_the_gazetteer_gives_the_area_the_point_and_how_exact_it_is(gazette):
    place, caller = await gazette.place(point={"lat": 9.53, "lon": 31.66})
    by_name = await caller.post("/engagements", at("Malakal"))
    by_id = a_plan(place={"place_id": place}, reason="The same place by its id")
    answer = await caller.post(f"/engagements/{by_name.id}/amend", by_id)
    assert answer.json["outcome"] == "unchanged"


async def test_several_places_of_one_name_are_offered(gazette):
    county, _ = await gazette.place()
    town, caller = await gazette.place(level="settlement", pcode="SS090701")
    answer = await caller.post("/engagements", at("Malakal"))
    assert (answer.status, answer.errors) == (422, [("/place/name", "ambiguous_place")])
    assert answer.json["errors"][0]["candidates"] == [
        {"id": county, "name": "Malakal", "area": "SS0907", "level": "admin2"},
        {"id": town, "name": "Malakal", "area": "SS090701", "level": "settlement"},
    ]


async def test_a_candidate_is_chosen_by_its_id(gazette):
    county, _ = await gazette.place()
    _, caller = await gazette.place(level="settlement", pcode="SS090701")
    answer = await caller.post("/engagements", a_plan(place={"place_id": county}))
    assert answer.status == 201


async def test_what_was_done_is_replayed_though_its_place_is_no_longer_clear(gazette):
    _, caller = await gazette.place()
    first = await caller.post("/engagements", at("Malakal"), key="k")
    _, later = await gazette.place(level="settlement", pcode="SS090701")
    again = await later.post("/engagements", at("Malakal"), key="k")
    assert (again.status, again.id) == (201, first.id)


async def test_a_name_nobody_knows_is_kept_as_text(gazette, installed):
    answer = await gazette.engagements.post("/engagements", at("Under the big tree"))
    assert (answer.status, hints(answer)) == (201, ["unplaced"])


async def test_a_place_outside_the_missions_area_does_not_match(gazette):
    _, caller = await gazette.place(pcode="SO2201")
    assert hints(await caller.post("/engagements", at("Malakal"))) == ["unplaced"]


async def test_a_retired_place_matches_no_more(gazette):
    place, _ = await gazette.place()
    caller = await gazette.act(f"/places/{place}/retire", {})
    assert hints(await caller.post("/engagements", at("Malakal"))) == ["unplaced"]
    answer = await caller.post("/engagements", a_plan(place={"place_id": place}))
    assert answer.errors == [("/place/place_id", "unknown_reference")]


async def test_a_place_goes_by_its_new_name_once_amended(gazette):
    place, _ = await gazette.place()
    body = {"name": "Newtown", "level": "admin2", "pcode": "SS0907"}
    caller = await gazette.act(f"/places/{place}/amend", body)
    assert hints(await caller.post("/engagements", at("Malakal"))) == ["unplaced"]
    assert hints(await caller.post("/engagements", at("Newtown"))) == []


async def test_a_hidden_place_is_neither_linked_nor_offered(gazette):
    place, caller = await gazette.place(label=MILITARY)
    stranger = caller.but(organisation=an_organisation(), communities=frozenset({"mission"}))
    assert hints(await stranger.post("/engagements", at("Malakal"))) == ["unplaced"]
    hidden = await stranger.post("/engagements", a_plan(place={"place_id": place}))
    absent = RecordId.new(Kind.PLACE)
    gone = await stranger.post("/engagements", a_plan(place={"place_id": str(absent)}))
    assert hidden.errors == gone.errors == [("/place/place_id", "unknown_reference")]


async def test_a_relabelled_place_is_hidden_from_then_on(gazette):
    place, _ = await gazette.place()
    caller = await gazette.act(f"/places/{place}/relabel", {"label": MILITARY})
    stranger = caller.but(organisation=an_organisation(), communities=frozenset({"mission"}))
    assert hints(await stranger.post("/engagements", at("Malakal"))) == ["unplaced"]


async def test_an_organisation_takes_part(gazette):
    organisation, caller = await gazette.organisation()
    answer = await caller.post("/engagements", with_organisation(organisation))
    assert answer.status == 201, answer.json


async def test_hidden_retired_and_unknown_organisations_answer_alike(gazette):
    hidden, _ = await gazette.organisation(label=MILITARY)
    retired, caller = await gazette.organisation(retired=True)
    stranger = caller.but(organisation=an_organisation(), communities=frozenset({"mission"}))
    answers = [
        await stranger.post("/engagements", with_organisation(id_))
        for id_ in (hidden, retired, an_organisation(), RecordId.new(Kind.PLACE))
    ]
    wrong = [("/participants/0/organisation_id", "unknown_reference")]
    assert [one.errors for one in answers] == [wrong] * 4


@pytest.mark.parametrize(
    "body", [with_organisation(an_organisation()), at("Nowhere")], ids=["id", "name"]
)
async def test_what_has_not_arrived_is_waited_for_and_then_busy(gazette, body):
    caller = gazette.engagements.saying(Parley_At_Least="contacts=1:999999")
    answers = [await caller.post("/engagements", body) for _ in range(2)]
    assert [(one.status, one.json["code"]) for one in answers] == [(503, "busy")] * 2


async def test_what_refers_to_nothing_that_is_missing_goes_on_without_the_bus(gazette):
    known, caller = await gazette.organisation()
    ahead = caller.saying(Parley_At_Least="contacts=1:999999")
    assert (await ahead.post("/engagements", with_organisation(known))).status == 201


async def test_another_services_position_is_not_waited_for(gazette):
    caller = gazette.engagements.saying(Parley_At_Least="reporting=1:999999")
    assert (await caller.post("/engagements", a_plan())).status == 201


async def test_what_contacts_did_before_is_caught_up_with(installed):
    async with installed.contacts() as contacts:
        made = await contacts.batch(
            "places",
            *(
                {"key": f"k{n}", "body": {"name": f"Village {n}", "level": "settlement",
                                          "pcode": f"SS{n:04}"}}
                for n in range(200)
            ),
        )  # fmt: skip
        position = max(one["position"] for one in made)
        await contacts.until_ready()
        async with installed.engagements() as engagements:
            caller = engagements.saying(Parley_At_Least=f"contacts=1:{position}")
            answer = await until_known(caller, at("Village 199"))
    assert hints(answer) == []


async def test_a_restart_goes_on_from_the_checkpoint(installed):
    async with installed.contacts() as contacts:
        async with installed.engagements() as engagements:
            _, caller = await Gazette(contacts, engagements).place()
            await caller.post("/engagements", at("Malakal"))
        _, _ = await Gazette(contacts, engagements).place(name="Kodok", pcode="SS0903")
        async with installed.engagements() as engagements:
            caller = engagements.saying(Parley_At_Least="contacts=1:2")
            answer = await until_known(caller, at("Kodok"))
    assert hints(answer) == []


async def test_two_processes_share_the_following(installed):
    async with (
        installed.contacts() as contacts,
        installed.engagements() as one,
        installed.engagements() as other,
    ):
        gazette = Gazette(contacts, one)
        for n in range(10):
            _, caller = await gazette.place(name=f"Village {n}", pcode=f"SS{n:04}")
        header = caller.headers["Parley-At-Least"]
        for engagements in (one, other):
            waiting = engagements.saying(Parley_At_Least=header)
            assert hints(await until_known(waiting, at("Village 9"))) == []


async def test_engagements_is_ready_once_references_are_followed(gazette):
    answer = await gazette.engagements.until_ready()
    assert answer.json["checks"]["references"] == "ok"


async def test_a_linked_engagement_stores_the_places_id_sealed(gazette, installed):
    place, caller = await gazette.place()
    answer = await caller.post("/engagements", at("Malakal"))
    url = installed.databases.url("engagements", "app")
    async with open_store(url, connections=1) as store:
        stored = orjson.loads((await store.load(answer.id))[0].data)
    assert "place" not in stored
    assert place not in str(stored)


async def until_known(caller: Caller, body: dict[str, Any]) -> Answer:
    """The first answer that is not `busy`."""
    async with asyncio.timeout(20):
        while (answer := await caller.post("/engagements", body)).status == 503:
            pass
    return answer
