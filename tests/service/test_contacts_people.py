"""People over HTTP, against real PostgreSQL and NATS."""

import asyncio

import pytest

from shared.ids import Kind, RecordId
from tests.service.deciding_world import an_organisation
from tests.service.people_told import (
    ALL,
    CHIEF,
    DENG,
    MILITARY,
    NUER,
    PHONE,
    UNKNOWN_FIELD,
    a_stranger,
    told,
)


async def test_a_person_is_registered_with_everything_in_one_append(contacts, installed):
    party = await contacts.post("/organisations", {"name": "The Party"})
    body = told(ties=[{"organisation_id": party.id}], protocol=[{"text": "Wait to be greeted."}])
    answer = await contacts.post("/people", body)
    assert (answer.status, answer.json["outcome"], answer.json["hints"]) == (201, "created", [])
    assert answer.json["readable"] == ["base", "identity", "protocol", "private"]
    assert await installed.events("contacts", answer.id) == [
        "registered", "language_assessed", "tied", "named", "protocol_noted", "private_noted",
    ]  # fmt: skip


async def test_putting_the_same_twice_makes_no_new_event(contacts, installed):
    party = await contacts.post("/organisations", {"name": "The Party"})
    body = told(ties=[{"organisation_id": party.id, "tie": "leader"}])
    first = await contacts.put_external("people", "diary", "7", body)
    again = await contacts.put_external("people", "diary", "7", body)
    assert (first.status, again.status, again.id) == (201, 200, first.id)
    assert again.json["outcome"] == "unchanged"
    assert len(await installed.events("contacts", first.id)) == 5


async def test_a_person_is_known_better_step_by_step(contacts, installed):
    party = await contacts.post("/organisations", {"name": "The Party"})
    made = await contacts.post("/people", CHIEF)
    at, tie = f"/people/{made.id}", {"organisation_id": party.id, "tie": "member"}
    await contacts.post(f"{at}/amend", CHIEF | {"note": "Speaks last."})
    await contacts.post(f"{at}/rename", DENG)
    await contacts.post(f"{at}/alias", {"alias": {"name": "Abu Deng"}})
    await contacts.post(f"{at}/language", NUER)
    await contacts.post(f"{at}/tie", tie)
    await contacts.post(f"{at}/untie", tie)
    await contacts.post(f"{at}/protocol", {"notes": [{"topic": "greeting", "text": "Wait."}]})
    await contacts.post(f"{at}/private", PHONE)
    await contacts.post(f"{at}/relabel", {"label": MILITARY})
    answer = await contacts.post(f"{at}/retire", {"reason": "Died"})
    assert (answer.status, answer.json["version"]) == (200, 11)
    assert await installed.events("contacts", made.id) == [
        "registered", "amended", "named", "alias_added", "language_assessed", "tied", "untied",
        "protocol_noted", "private_noted", "relabelled", "retired",
    ]  # fmt: skip


async def test_what_a_person_is_called_is_never_stored_in_clear(contacts, installed):
    made = await contacts.post("/people", told())
    stored = await installed.bytes_of("contacts", made.id)
    assert [word for word in (b"Deng", b"chief", b"+211") if word in stored] == []


async def test_a_group_one_does_not_read_is_a_field_that_does_not_exist(contacts):
    made = await contacts.post("/people", told(group_labels={"identity": MILITARY}))
    colleague = contacts.but(communities=frozenset({"un"}), caveats=frozenset(), levels={"un": 1})
    at = f"/people/{made.id}"
    named = await colleague.post(f"{at}/rename", DENG)
    amended = await colleague.post(f"{at}/amend", told())
    unlabelled = await colleague.post(f"{at}/relabel", {"group_labels": {"private": ALL}})
    assert named.errors == [("/name", UNKNOWN_FIELD)]
    assert amended.errors == [("/identity", UNKNOWN_FIELD)]
    assert unlabelled.errors == [("/group_labels/private", UNKNOWN_FIELD)]


async def test_a_batch_registers_renames_and_ties(contacts, installed):
    made, named = await contacts.batch(
        "people",
        {"key": "one", "action": "create", "body": CHIEF},
        {"key": "two", "action": "rename", "id": "@one", "body": DENG},
    )
    assert (made["status"], named["status"], named["id"]) == (201, 200, made["id"])
    assert await installed.events("contacts", made["id"]) == ["registered", "named"]


@pytest.mark.parametrize("spelling", ["deng  INVENTED", "Abu Deng", "دينق"])
async def test_an_equal_name_under_any_spelling_is_a_hint(contacts, spelling):
    first = await contacts.post("/people", told())
    answer = await contacts.post("/people", CHIEF | {"identity": {"name": spelling}})
    assert [(hint["code"], hint["record_id"]) for hint in answer.json["hints"]] == [
        ("same_name", first.id)
    ]


async def test_a_name_that_is_given_later_is_a_hint_then(contacts):
    first = await contacts.post("/people", told())
    second = await contacts.post("/people", CHIEF)
    answer = await contacts.post(f"/people/{second.id}/rename", {"name": "Deng Invented"})
    assert [hint["record_id"] for hint in answer.json["hints"]] == [first.id]


async def test_a_hint_never_tells_a_name_its_reader_may_not_read(contacts):
    """Somebody may know of a person, and not who it is."""
    await contacts.post("/people", told(label=ALL, group_labels={"identity": MILITARY}))
    body = told(label=ALL, group_labels={"identity": ALL})
    answer = await a_stranger(contacts).post("/people", {**body, "private": None})
    assert (answer.status, answer.json["hints"]) == (201, [])


async def test_people_are_merged_and_unmerged(contacts, installed):
    one, other = [await contacts.post("/people", told()) for _ in range(2)]
    merged = await contacts.post(f"/people/{one.id}/merge", {"into": other.id})
    amended = await contacts.post(f"/people/{one.id}/rename", {"name": "Another"})
    apart = await contacts.post(f"/people/{one.id}/unmerge", {})
    again = await contacts.post(f"/people/{one.id}/rename", {"name": "Another"})
    assert [merged.status, amended.status, apart.status, again.status] == [200, 409, 200, 200]
    assert (await installed.events("contacts", one.id))[-3:] == ["merged", "unmerged", "named"]


async def test_nobody_is_merged_into_whom_he_may_not_see(contacts):
    one = await contacts.post("/people", told(label=ALL))
    hidden = await contacts.but(organisation=an_organisation()).post(
        "/people", told(label=MILITARY)
    )
    blind = contacts.but(communities=frozenset({"ngo"}))
    answers = [
        await blind.post(f"/people/{one.id}/merge", {"into": into})
        for into in (hidden.id, str(RecordId.new(Kind.PERSON)), one.id)
    ]
    assert [answer.errors for answer in answers] == [[("/into", "unknown_reference")]] * 3


@pytest.mark.parametrize("kind", ["people", "organisations"])
async def test_two_records_never_lead_into_each_other(contacts, kind):
    body = CHIEF if kind == "people" else {"name": "River Aid"}
    one, other = [await contacts.post(f"/{kind}", body) for _ in range(2)]
    answers = await asyncio.gather(
        contacts.post(f"/{kind}/{one.id}/merge", {"into": other.id}),
        contacts.post(f"/{kind}/{other.id}/merge", {"into": one.id}),
    )
    assert sorted(answer.status for answer in answers) == [200, 422]


async def test_a_merged_person_is_no_longer_referred_to(contacts):
    one, other = [await contacts.post("/people", CHIEF) for _ in range(2)]
    await contacts.post(f"/people/{one.id}/merge", {"into": other.id})
    post = await contacts.post("/posts", {"name": "Commissioner"})
    body = {"person_id": one.id, "since": "2030-01-01"}
    answer = await contacts.post(f"/posts/{post.id}/take", body)
    assert answer.errors == [("/person_id", "unknown_reference")]


async def test_organisations_are_merged_and_unmerged(contacts, installed):
    one, other = [await contacts.post("/organisations", {"name": "River Aid"}) for _ in range(2)]
    await contacts.post(f"/organisations/{one.id}/merge", {"into": other.id})
    [answer] = await contacts.batch(
        "organisations", {"key": "k", "action": "unmerge", "id": one.id, "body": {}}
    )
    assert answer["status"] == 200
    assert await installed.events("contacts", one.id) == ["registered", "merged", "unmerged"]


async def test_a_post_outlives_its_holders(contacts, installed):
    first, second = [await contacts.post("/people", CHIEF) for _ in range(2)]
    post = await contacts.post("/posts", {"name": "County commissioner, Akobo"})
    at = f"/posts/{post.id}"
    await contacts.post(f"{at}/take", {"person_id": first.id, "since": "2030-01-01"})
    await contacts.post(f"{at}/take", {"person_id": second.id, "since": "2031-01-01"})
    answer = await contacts.post(f"{at}/leave", {"person_id": second.id, "until": "2031-06-30"})
    assert answer.status == 200
    assert await installed.events("contacts", post.id) == [
        "created", "taken", "left", "taken", "left",
    ]  # fmt: skip


async def test_posts_can_be_put_again_and_in_batches(contacts):
    body = {"name": "County commissioner, Akobo", "area": "SS0301"}
    first = await contacts.put_external("posts", "diary", "7", body)
    item = {"key": "k", "action": "put_external", "system": "diary", "external_id": "7"}
    [again] = await contacts.batch("posts", item | {"body": body})
    assert (first.status, again["status"], again["outcome"]) == (201, 200, "unchanged")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("/described_as", "required")),
        (told(colour="red"), ("/colour", UNKNOWN_FIELD)),
        (told(languages=[NUER | {"language": "xx"}]), ("/languages/0/language", "wrong_form")),
        (told(identity={}), ("/identity/name", "required")),
        (told(group_labels={"source": ALL}), ("/group_labels/source", UNKNOWN_FIELD)),
        (told(ties=[{"organisation_id": "nobody"}]), ("/ties/0/organisation_id", "invalid")),
    ],
)
async def test_bad_input_names_its_field(contacts, body, error):
    answer = await contacts.post("/people", body)
    assert (answer.status, error in answer.errors) == (422, True), answer.json


@pytest.mark.parametrize("kind", ["people", "posts"])
async def test_what_is_hidden_and_what_is_absent_answer_alike(contacts, kind):
    body = CHIEF if kind == "people" else {"name": "Commissioner"}
    made = await contacts.post(f"/{kind}", body | {"label": MILITARY})
    absent = RecordId.new(Kind.PERSON if kind == "people" else Kind.POST)
    answers = [
        await a_stranger(contacts).post(f"/{kind}/{id_}/retire", {})
        for id_ in (made.id, absent, RecordId.new(Kind.PLACE), "nonsense")
    ]
    assert {(one.status, one.json["code"]) for one in answers} == {(404, "not_found")}
