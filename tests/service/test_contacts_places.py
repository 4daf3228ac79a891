"""Places of the gazetteer over HTTP, alone and in batches."""

from typing import Any

import orjson

from shared.eventstore.store import open_store
from tests.service.deciding_world import Installed, an_organisation


async def stored(installed: Installed, record_id: str) -> dict[str, Any]:
    """The fields of a place's last event."""
    async with open_store(installed.databases.url("contacts", "app"), connections=1) as store:
        fields: dict[str, Any] = orjson.loads((await store.load(record_id))[-1].data)
        return fields


def a_state(**more: Any) -> dict[str, Any]:
    return {"name": "Upper Nile", "level": "admin1", "pcode": "SS09"} | more


def a_county(**more: Any) -> dict[str, Any]:
    return {"name": "Malakal", "level": "admin2", "pcode": "SS0907"} | more


async def test_a_place_lies_in_its_own_area(contacts, installed):
    made = await contacts.post("/places", a_state())
    assert (made.status, (await stored(installed, made.id))["area"]) == (201, "SS09")


async def test_a_parent_may_be_named_by_its_pcode(contacts, installed):
    state = await contacts.post("/places", a_state())
    county = await contacts.post("/places", a_county(parent_pcode="SS09"))
    assert (await stored(installed, county.id))["parent_id"] == state.id


async def test_a_place_without_pcode_lies_in_its_parents_area(contacts, installed):
    county = await contacts.post("/places", a_county())
    camp = {"name": "Camp", "level": "site", "parent_id": county.id}
    made = await contacts.post("/places", camp)
    assert (await stored(installed, made.id))["area"] == "SS0907"


async def test_a_pcode_put_from_outside_leads_to_the_same_place(contacts):
    put = await contacts.put_external("places", "pcode", "SS09", a_state())
    again = await contacts.put_external("places", "pcode", "SS09", a_state())
    assert (put.status, again.status, again.json["outcome"]) == (201, 200, "unchanged")
    assert (await contacts.post("/places", a_county(parent_pcode="SS09"))).status == 201


async def test_a_parent_nobody_knows_names_its_field(contacts):
    answer = await contacts.post("/places", a_county(parent_pcode="SS09"))
    assert (answer.status, answer.errors) == (422, [("/parent_pcode", "unknown_reference")])


async def test_a_parent_is_looked_for_among_ones_own_places(contacts):
    await contacts.post("/places", a_state())
    stranger = contacts.but(organisation=an_organisation())
    answer = await stranger.post("/places", a_county(parent_pcode="SS09"))
    assert answer.errors == [("/parent_pcode", "unknown_reference")]


async def test_a_place_is_amended_relabelled_and_retired(contacts, installed):
    made = await contacts.post("/places", a_county())
    at = f"/places/{made.id}"
    await contacts.post(f"{at}/amend", a_county(point={"lat": 9.53, "lon": 31.66}))
    await contacts.post(f"{at}/relabel", {"label": {"level": "unclassified"}})
    await contacts.post(f"{at}/retire", {"reason": "Flooded"})
    assert await installed.events("contacts", made.id) == [
        "registered", "amended", "relabelled", "retired",
    ]  # fmt: skip


async def test_a_retired_place_is_no_parent(contacts):
    state = await contacts.post("/places", a_state(retired=True))
    answer = await contacts.post("/places", a_county(parent_id=state.id))
    assert answer.errors == [("/parent_id", "unknown_reference")]


async def test_a_batch_of_a_whole_family_finds_every_parent(contacts):
    villages = [
        {"name": f"Village {n}", "level": "settlement", "pcode": f"SS0907{n:03}"} for n in range(20)
    ]
    family = [a_state(), a_county(parent_pcode="SS09")]
    family += [village | {"parent_pcode": "SS0907"} for village in villages]
    items = [
        {"key": f"k{at}", "action": "put_external", "system": "pcode",
         "external_id": place["pcode"], "body": place}
        for at, place in enumerate(family)
    ]  # fmt: skip
    first = await contacts.batch("places", *items)
    assert [one["status"] for one in first] == [201] * 22
    again = await contacts.batch("places", *(one | {"key": one["key"] + "b"} for one in items))
    assert {one["outcome"] for one in again} == {"unchanged"}
    assert [one["id"] for one in again] == [one["id"] for one in first]
