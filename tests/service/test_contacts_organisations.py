"""Organisations over HTTP, against real PostgreSQL and NATS."""

import pytest

from shared.ids import Kind, RecordId
from shared.roles import Role
from tests.service.deciding_world import an_organisation

MILITARY = {"level": "confidential", "releasable_to": [["mil"]]}


async def test_an_organisation_is_registered(contacts):
    answer = await contacts.post("/organisations", {"name": "River Aid"})
    assert (answer.status, answer.json["outcome"], answer.json["version"]) == (201, "created", 1)
    assert (answer.json["readable"], answer.json["hints"]) == (["base"], [])


async def test_a_request_repeated_with_its_key_is_answered_the_same(contacts):
    first = await contacts.post("/organisations", {"name": "River Aid"}, key="k1")
    again = await contacts.post("/organisations", {"name": "River Aid"}, key="k1")
    assert (again.status, again.id, again.json["replayed"]) == (201, first.id, True)


async def test_one_that_comes_retired_is_registered_and_retired_in_one_append(contacts, installed):
    answer = await contacts.post("/organisations", {"name": "River Aid", "retired": True})
    assert await installed.events("contacts", answer.id) == ["registered", "retired"]


async def test_amending_nothing_makes_no_event(contacts):
    made = await contacts.post("/organisations", {"name": "River Aid"})
    answer = await contacts.post(f"/organisations/{made.id}/amend", {"name": "River Aid"})
    assert (answer.status, answer.json["outcome"], answer.json["version"]) == (200, "unchanged", 1)


async def test_a_bare_string_is_in_the_callers_language(contacts):
    arabic = contacts.but(language="ar")
    made = await arabic.post("/organisations", {"name": "عون"})
    spelled_out = {"name": {"text": "عون", "lang": "ar"}}
    answer = await arabic.post(f"/organisations/{made.id}/amend", spelled_out)
    assert answer.json["outcome"] == "unchanged"


async def test_it_is_amended_renamed_relabelled_and_retired(contacts, installed):
    made = await contacts.post("/organisations", {"name": "River Aid"})
    at = f"/organisations/{made.id}"
    await contacts.post(f"{at}/amend", {"name": "River Relief", "organisation_kind": "ngo"})
    await contacts.post(f"{at}/alias", {"alias": "RR"})
    await contacts.post(f"{at}/relabel", {"label": MILITARY, "reason": "Asked for"})
    answer = await contacts.post(f"{at}/retire", {})
    assert (answer.status, answer.json["version"]) == (200, 5)
    assert await installed.events("contacts", made.id) == [
        "registered", "amended", "alias_added", "relabelled", "retired",
    ]  # fmt: skip


async def test_putting_the_same_twice_makes_one_record_and_one_event(contacts, installed):
    body = {"name": "River Aid"}
    first = await contacts.put_external("organisations", "ocha", "a/b c", body)
    again = await contacts.put_external("organisations", "ocha", "a/b c", body)
    assert (first.status, first.json["outcome"]) == (201, "created")
    assert (again.status, again.json["outcome"], again.id) == (200, "unchanged", first.id)
    assert await installed.events("contacts", first.id) == ["registered"]


async def test_external_ids_are_compared_exactly(contacts):
    one = await contacts.put_external("organisations", "ocha", "Seven", {"name": "River Aid"})
    other = await contacts.put_external("organisations", "ocha", "seven", {"name": "River Aid"})
    assert one.id != other.id


async def test_putting_other_content_amends(contacts):
    first = await contacts.put_external("organisations", "ocha", "7", {"name": "River Aid"})
    answer = await contacts.put_external("organisations", "ocha", "7", {"name": "River Relief"})
    assert (answer.id, answer.json["outcome"], answer.status) == (first.id, "amended", 200)


async def test_putting_one_as_retired_can_be_repeated(contacts):
    body = {"name": "River Aid", "retired": True}
    await contacts.put_external("organisations", "ocha", "7", body)
    again = await contacts.put_external("organisations", "ocha", "7", body)
    assert (again.status, again.json["outcome"]) == (200, "unchanged")


async def test_posting_an_external_id_again_makes_another_record(contacts):
    body = {"name": "River Aid", "external_ids": [{"system": "ocha", "id": "7"}]}
    one, other = [await contacts.post("/organisations", body) for _ in range(2)]
    assert (one.status, other.status) == (201, 201)
    assert one.id != other.id


async def test_an_equal_name_is_registered_with_a_hint(contacts):
    first = await contacts.post("/organisations", {"name": "River Aid"})
    answer = await contacts.post("/organisations", {"name": "RIVER  aid "})
    assert (answer.status, answer.id != first.id) == (201, True)
    assert [(hint["code"], hint["record_id"]) for hint in answer.json["hints"]] == [
        ("same_name", first.id)
    ]


async def test_a_hint_never_names_what_its_reader_may_not_see(contacts):
    await contacts.post("/organisations", {"name": "River Aid", "label": MILITARY})
    stranger = contacts.but(organisation=an_organisation(), communities=frozenset({"ngo"}))
    answer = await stranger.post("/organisations", {"name": "River Aid"})
    assert (answer.status, answer.json["hints"]) == (201, [])


async def test_an_affiliation_must_be_readable(contacts):
    party = await contacts.post("/organisations", {"name": "The Party", "label": MILITARY})
    body = {"name": "Its Wing", "affiliation": party.id}
    stranger = contacts.but(organisation=an_organisation(), communities=frozenset({"ngo"}))
    hidden = await stranger.post("/organisations", body)
    absent = await stranger.post("/organisations", body | {"affiliation": str(an_organisation())})
    assert (await contacts.post("/organisations", body)).status == 201
    assert hidden.errors == absent.errors == [("/affiliation", "unknown_reference")]


async def test_a_retired_organisation_takes_no_new_affiliates(contacts):
    party = await contacts.post("/organisations", {"name": "The Party", "retired": True})
    answer = await contacts.post("/organisations", {"name": "Wing", "affiliation": party.id})
    assert answer.errors == [("/affiliation", "unknown_reference")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("/name", "required")),
        ({"name": ""}, ("/name", "too_short")),
        ({"name": "x" * 301}, ("/name", "too_long")),
        ({"name": "A", "colour": "red"}, ("/colour", "unknown_field")),
        ({"name": "A", "organisation_kind": "club"}, ("/organisation_kind", "not_one_of")),
        ({"name": "A", "label": {"level": "cosmic"}}, ("/label/level", "unknown_level")),
        (
            {"name": "A", "group_labels": {"own_side": {"level": "public"}}},
            ("/group_labels/own_side", "unknown_field"),
        ),
    ],
)
async def test_bad_input_names_its_field(contacts, body, error):
    answer = await contacts.post("/organisations", body)
    assert (answer.status, error in answer.errors) == (422, True), answer.json


async def test_a_label_above_ones_clearance_is_refused(contacts):
    low = contacts.but(levels={"un": 1})
    answer = await low.post("/organisations", {"name": "A", "label": MILITARY})
    assert answer.errors == [("/label/level", "label_above_clearance")]


async def test_what_is_hidden_and_what_is_absent_answer_alike(contacts):
    made = await contacts.post("/organisations", {"name": "River Aid", "label": MILITARY})
    stranger = contacts.but(organisation=an_organisation(), communities=frozenset({"ngo"}))
    absent = RecordId.new(Kind.ORGANISATION)
    wrong_kind = RecordId.new(Kind.PLACE)
    answers = [
        await stranger.post(f"/organisations/{id_}/retire", {})
        for id_ in (made.id, absent, wrong_kind, "nonsense")
    ]
    assert {(one.status, one.json["code"]) for one in answers} == {(404, "not_found")}


async def test_only_the_owner_changes_it(contacts):
    made = await contacts.post("/organisations", {"name": "River Aid"})
    other = contacts.but(organisation=an_organisation())
    answer = await other.post(f"/organisations/{made.id}/retire", {})
    assert answer.status == 403


async def test_a_role_without_the_right_may_not_register(contacts):
    reader = contacts.but(roles=frozenset({Role.ACCESS_ADMINISTRATOR}))
    assert (await reader.post("/organisations", {"name": "River Aid"})).status == 403


async def test_nothing_is_taken_from_anyone_but_the_gateway(contacts):
    forged = contacts.saying(Parley_Principal="forged")
    assert (await forged.post("/organisations", {"name": "River Aid"})).status == 401


async def test_validating_writes_nothing(contacts, installed):
    checking = contacts.saying(Parley_Validate_Only="true")
    answer = await checking.post("/organisations", {"name": "River Aid"})
    assert (answer.status, answer.json["validated"]) == (200, True)
    assert await installed.events("contacts", answer.id) == []


async def test_a_version_that_has_moved_on_conflicts(contacts):
    made = await contacts.post("/organisations", {"name": "River Aid"})
    await contacts.post(f"/organisations/{made.id}/alias", {"alias": "RA"})
    late = contacts.saying(Parley_Expected_Version="1")
    answer = await late.post(f"/organisations/{made.id}/alias", {"alias": "RAid"})
    assert (answer.status, answer.json["code"]) == (409, "version_conflict")


async def test_it_is_ready_once_everything_answers(contacts):
    answer = await contacts.until_ready()
    assert set(answer.json["checks"].values()) == {"ok"}
