"""People over HTTP, against real PostgreSQL and NATS."""

import asyncio

import pytest

from shared.ids import Kind, RecordId
from tests.service.deciding_world import an_organisation

CHIEF = {"described_as": "Paramount chief, Akobo"}
DENG = {"name": "Deng Invented", "aliases": [{"name": "دينق", "transliteration": "Abu Deng"}]}
PHONE = {"contact_details": [{"means": "mobile", "value": "+211 900 000 001"}]}
FLUENT = {"listening": "5", "speaking": "5", "reading": "2+", "writing": "1"}
NUER = {"language": "nus", "profile": FLUENT}
ALL = {"level": "unclassified", "releasable_to": [["all"]]}
MILITARY = {"level": "confidential", "releasable_to": [["mil"]]}
UNKNOWN_FIELD = "unknown_field"


def told(**more):
    return CHIEF | {"identity": DENG, "private": PHONE, "languages": [NUER]} | more


def a_stranger(contacts, **more):
    """Of another organisation and community; reads what is released to all."""
    return contacts.but(
        organisation=an_organisation(), communities=frozenset({"ngo"}), caveats=frozenset(), **more
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


async def test_whoever_may_not_read_details_does_not_write_them(contacts, installed):
    unprotected = contacts.but(caveats=frozenset())
    answer = await unprotected.post("/people", told())
    assert answer.errors == [("/private", UNKNOWN_FIELD)]


async def test_details_are_read_with_one_recorded_reading_each(contacts, installed):
    made = await contacts.post("/people", told())
    answer = await contacts.post(f"/people/{made.id}/read_private", {"reason": "To call"})
    assert (answer.status, answer.json["outcome"]) == (200, "amended")
    assert answer.json["private"] == {
        "contact_details": [{"means": "mobile", "value": "+211 900 000 001", "note": None}],
        "private_note": None,
    }
    await contacts.post(f"/people/{made.id}/read_private", {})
    assert (await installed.events("contacts", made.id)).count("private_read") == 2


async def test_a_reading_repeated_shows_what_was_read_and_is_recorded_once(contacts, installed):
    made = await contacts.post("/people", told())
    at = f"/people/{made.id}"
    first = await contacts.post(f"{at}/read_private", {}, key="k1")
    await contacts.post(f"{at}/private", {"private_note": "Moved"})
    again = await contacts.post(f"{at}/read_private", {}, key="k1")
    assert (again.json["replayed"], again.json["private"]) == (True, first.json["private"])
    assert (await installed.events("contacts", made.id)).count("private_read") == 1


async def test_a_reading_repeated_by_one_who_lost_the_group_shows_nothing(contacts):
    made = await contacts.post("/people", told())
    await contacts.post(f"/people/{made.id}/read_private", {}, key="k1")
    later = contacts.but(caveats=frozenset())
    answer = await later.post(f"/people/{made.id}/read_private", {}, key="k1")
    assert (answer.status, "private" in answer.json) == (404, False)


async def test_validating_a_reading_shows_and_records_nothing(contacts, installed):
    made = await contacts.post("/people", told())
    checking = contacts.saying(Parley_Validate_Only="true")
    answer = await checking.post(f"/people/{made.id}/read_private", {})
    assert (answer.status, answer.json["validated"], answer.json["private"]) == (200, True, None)
    assert "private_read" not in await installed.events("contacts", made.id)


async def test_another_organisation_that_reads_the_group_reads_details_too(contacts):
    made = await contacts.post("/people", told(label=ALL, group_labels={"private": ALL}))
    answer = await a_stranger(contacts).post(f"/people/{made.id}/read_private", {})
    assert answer.json["private"]["contact_details"][0]["value"] == "+211 900 000 001"


async def test_hidden_details_answer_as_a_verb_that_does_not_exist(contacts, installed):
    """Whether there are any, none, or no such person."""
    with_details = await contacts.post("/people", told(label=ALL))
    without = await contacts.post("/people", CHIEF | {"label": ALL})
    stranger = a_stranger(contacts)
    answers = [
        await stranger.post(path, {})
        for path in (
            f"/people/{with_details.id}/read_private",
            f"/people/{without.id}/read_private",
            f"/people/{RecordId.new(Kind.PERSON)}/read_private",
            f"/people/{with_details.id}/read_palms",
        )
    ]
    told_of = [(one.status, one.json["code"], one.json["detail"]) for one in answers]
    assert (told_of[0][0], len(set(told_of))) == (404, 1)
    assert "private_read" not in await installed.events("contacts", with_details.id)


async def test_details_are_not_read_in_batches(contacts):
    made = await contacts.post("/people", told())
    item = {"key": "k", "action": "read_private", "id": made.id}
    [answer] = await contacts.batch("people", item)
    assert (answer["status"], "private" in answer) == (422, False)


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
