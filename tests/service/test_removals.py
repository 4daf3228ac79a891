"""What a record holds is removed by two people, its keys with it, wherever they are."""

import asyncio
from dataclasses import replace

import asyncpg

from shared.contracts.removals import Ground
from shared.ids import Kind, RecordId
from shared.removal_ledger import Entry, ledger_of
from shared.roles import Role
from tests.service.conftest import CONDITION_SECONDS, LOOK_AGAIN_SECONDS
from tests.service.deciding_world import Caller, Installed

LABEL = {"level": "confidential", "releasable_to": [["mil"]]}
ALL = {"level": "unclassified", "releasable_to": [["all"]]}
ASKED = {"ground": "erasure", "reason": "Asked for by the person"}
PLAN = {
    "purpose": "Cattle corridor talks",
    "type": "routine_liaison",
    "starts_at": "2030-01-02T09:00:00Z",
    "duration_minutes": 60,
    "place": {"name": "Malakal"},
    "participants": [{"name": "Invented Person", "side": "counterpart"}],
    "label": ALL,
}


def told(name: str = "Invented Chief") -> dict[str, object]:
    return {
        "described_as": "Paramount chief",
        "identity": {"name": name},
        "private": {"contact_details": [{"means": "mobile", "value": "+211 900 000 001"}]},
        "label": ALL,
    }


def second(line: Caller) -> Caller:
    """Somebody else of the same organisation, whose office it is."""
    return line.but(subject="second", client="second", roles=frozenset({Role.DATA_PROTECTION}))


async def keys_of(installed: Installed, service: str, *subjects: str) -> list[tuple[bool, bool]]:
    """Of each that has a row: whether the key is gone, and whether no copy is left."""
    connection = await asyncpg.connect(installed.databases.url("keystore", service))
    try:
        rows = await connection.fetch(
            f"select wrapped, scrubbed_at from {service}.keys where subject = any($1)",  # noqa: S608 - ours
            list(subjects),
        )
    finally:
        await connection.close()
    return [(row["wrapped"] is None, row["scrubbed_at"] is not None) for row in rows]


async def until_scrubbed(installed: Installed, service: str, *subjects: str) -> None:
    async with asyncio.timeout(CONDITION_SECONDS):
        while await keys_of(installed, service, *subjects) != [(True, True)] * len(subjects):
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def test_a_second_person_of_the_owner_removes_what_one_asked_to_be_removed(
    contacts: Caller, installed: Installed
) -> None:
    made = await contacts.post("/people", told())
    asked = await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    assert asked.status == 200, asked.json
    removed = await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    assert removed.status == 200, removed.json
    assert (await keys_of(installed, "contacts", made.id))[0][0]
    await until_scrubbed(installed, "contacts", made.id)
    events = await installed.events("contacts", made.id)
    assert events[-2:] == ["removal_asked", "removed"]


async def test_nobody_removes_alone(contacts: Caller, installed: Installed) -> None:
    both = contacts.but(roles=frozenset({Role.OPERATIONS}))
    made = await contacts.post("/people", told())
    await both.post(f"/people/{made.id}/ask_removal", ASKED)
    answer = await both.post(f"/people/{made.id}/approve_removal", {})
    assert (answer.status, answer.json["code"]) == (409, "second_person")
    assert await keys_of(installed, "contacts", made.id) == [(False, False)]


async def test_what_nobody_asked_for_or_was_refused_is_not_removed(contacts: Caller) -> None:
    made = await contacts.post("/people", told())
    unasked = await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{made.id}/refuse_removal", {})
    refused = await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    assert [unasked.json["code"], refused.json["code"]] == ["not_asked", "not_asked"]


async def test_an_officer_may_ask_and_not_approve(contacts: Caller) -> None:
    made = await contacts.post("/people", told())
    await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    other = contacts.but(subject="other", client="other")
    assert (await other.post(f"/people/{made.id}/approve_removal", {})).status == 403


async def test_removal_of_a_hidden_record_answers_as_of_an_absent_one(contacts: Caller) -> None:
    made = await contacts.post("/people", told() | {"label": LABEL})
    stranger = second(contacts).but(
        organisation=RecordId.new(Kind.ORGANISATION), communities=frozenset(), levels={"un": 0}
    )
    absent = RecordId.new(Kind.PERSON)
    answers = [
        await stranger.post(f"/people/{one}/{verb}", body)
        for one in (made.id, absent)
        for verb, body in (("ask_removal", ASKED), ("approve_removal", {}))
    ]
    assert {one.status for one in answers} == {404}


async def test_a_removed_record_takes_nothing_new_and_is_removed_only_once(
    contacts: Caller, installed: Installed
) -> None:
    made = await contacts.post("/people", told())
    await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    again = await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    retired = await contacts.post(f"/people/{made.id}/retire", {})
    assert again.json["outcome"] == "unchanged"
    assert (retired.status, retired.json["code"]) == (409, "erased")
    assert (await installed.events("contacts", made.id)).count("removed") == 1


async def test_whoever_was_merged_into_a_removed_person_is_removed_too(
    contacts: Caller, installed: Installed
) -> None:
    kept = await contacts.post("/people", told())
    double = await contacts.post("/people", told("Invented Chieff"))
    apart = await contacts.post("/people", told("Somebody Else"))
    for other in (double, apart):
        merged = await contacts.post(f"/people/{other.id}/merge", {"into": kept.id})
        assert merged.status == 200, merged.json
    await contacts.post(f"/people/{apart.id}/unmerge", {})
    await contacts.post(f"/people/{kept.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{kept.id}/approve_removal", {})
    await until_scrubbed(installed, "contacts", kept.id, double.id)
    assert (await installed.events("contacts", double.id))[-1] == "removed"
    assert await keys_of(installed, "contacts", apart.id) == [(False, False)]


async def test_names_a_removed_person_had_at_meetings_go_in_the_other_service(
    contacts: Caller, engagements: Caller, installed: Installed
) -> None:
    officer = replace(engagements, principal=contacts.principal)
    person = await contacts.post("/people", told())
    meeting = await officer.post("/engagements", PLAN)
    assert meeting.status == 201, meeting.json
    provisional = await _provisional(installed)
    place = f"contacts={person.json['epoch']}:{person.json['position']}"
    linked = await officer.saying(Parley_At_Least=place).post(
        f"/engagements/{meeting.id}/link",
        {"provisional_id": provisional, "person_id": person.id},
    )
    assert linked.status == 200, linked.json
    await contacts.post(f"/people/{person.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{person.id}/approve_removal", {})
    await until_scrubbed(installed, "engagements", person.id, provisional)
    assert await keys_of(installed, "engagements", meeting.id) == [(False, False)]


async def test_a_spilled_meeting_takes_the_keys_of_all_it_held(
    engagements: Caller, installed: Installed
) -> None:
    meeting = await engagements.post("/engagements", PLAN)
    provisional = await _provisional(installed)
    asked = {"ground": "spill", "reason": "Names a source at too low a level"}
    await engagements.post(f"/engagements/{meeting.id}/ask_removal", asked)
    answer = await second(engagements).post(f"/engagements/{meeting.id}/approve_removal", {})
    assert answer.status == 200, answer.json
    await until_scrubbed(installed, "engagements", meeting.id, provisional)


async def _provisional(installed: Installed) -> str:
    """The one participant who is known by name only."""
    connection = await asyncpg.connect(installed.databases.url("keystore", "engagements"))
    try:
        found: str = await connection.fetchval(
            "select subject from engagements.keys where subject like 'person%'"
        )
    finally:
        await connection.close()
    return found


async def test_a_removal_that_the_store_has_forgotten_is_carried_out_again_at_the_next_start(
    installed: Installed,
) -> None:
    """As after a restore: the ledger alone remembers."""
    async with installed.contacts() as contacts:
        made = await contacts.post("/people", told())
        kept = await contacts.post("/people", told("Somebody Else"))
    person = RecordId.parse(made.id)
    ledger = ledger_of(installed.ledgers, "contacts")
    await ledger.note([Entry((person,), person, Ground.ERASURE)])
    async with installed.contacts():
        assert (await keys_of(installed, "contacts", made.id))[0][0]
        await until_scrubbed(installed, "contacts", made.id)
        await _until_removed(installed, made.id)
        assert "removed" not in await installed.events("contacts", kept.id)
    assert await keys_of(installed, "contacts", kept.id) == [(False, False)]


async def test_what_was_removed_is_in_the_ledger_before_it_is_answered(
    contacts: Caller, installed: Installed
) -> None:
    made = await contacts.post("/people", told())
    await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    person = RecordId.parse(made.id)
    assert ledger_of(installed.ledgers, "contacts").entries() == [
        Entry((person,), person, Ground.ERASURE)
    ]


async def _until_removed(installed: Installed, record: str) -> None:
    async with asyncio.timeout(CONDITION_SECONDS):
        while (await installed.events("contacts", record))[-1] != "removed":
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
