"""How to reach somebody: shown by a write, so that every reading is recorded."""

from shared.ids import Kind, RecordId
from tests.service.people_told import ALL, CHIEF, UNKNOWN_FIELD, a_stranger, told


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
