"""Many commands on one person at once, and bodies that are hard to write down again: no fault of ours."""

import asyncio
from collections import Counter

import pytest

from shared.snapshots import EVERY_EVENTS
from tests.service.deciding_world import Caller, Installed
from tests.service.people_told import CHIEF
from tests.thorough import times

AT_ONCE = times(10, thorough=30)
LONGER_THAN_ITS_WRITER = 2**64
HALF = rb'{"notes": [{"text": "\ud83d"}]}'


async def test_who_come_at_once_are_noted_or_told_to_come_again(
    contacts: Caller, installed: Installed
) -> None:
    """More than once the events after which a state is kept in short, so that this is raced for, too."""
    at = f"/people/{(await contacts.post('/people', CHIEF)).id}"

    async def noted(number: int) -> tuple[int, str]:
        answer = await contacts.post(f"{at}/protocol", {"notes": [{"text": f"Note {number}"}]})
        return answer.status, answer.json.get("code", "noted")

    told: Counter[tuple[int, str]] = Counter()
    while told[200, "noted"] < EVERY_EVENTS + AT_ONCE:
        told.update(await asyncio.gather(*(noted(told.total() + n) for n in range(AT_ONCE))))

    assert {*told} <= {(200, "noted"), (409, "version_conflict")}
    events = await installed.events("contacts", at.rpartition("/")[2])
    assert Counter(events)["protocol_noted"] == told[200, "noted"]


async def test_the_same_command_at_once_is_done_once(
    contacts: Caller, installed: Installed
) -> None:
    at = f"/people/{(await contacts.post('/people', CHIEF)).id}"
    body = {"notes": [{"text": "Wait."}]}

    answers = await asyncio.gather(
        *(contacts.post(f"{at}/protocol", body, key="the same") for _ in range(AT_ONCE))
    )

    assert {one.status for one in answers} <= {200, 409}
    events = await installed.events("contacts", at.rpartition("/")[2])
    assert Counter(events)["protocol_noted"] == 1


@pytest.mark.parametrize(
    ("verb", "pointer"), [("protocol", "/notes"), ("alias", "/alias"), ("tie", "/organisation_id")]
)
async def test_a_number_of_any_length_is_a_wrong_field(
    contacts: Caller, verb: str, pointer: str
) -> None:
    made = await contacts.post("/people", CHIEF)
    wrong = {pointer.strip("/"): LONGER_THAN_ITS_WRITER}

    alone = await contacts.post(f"/people/{made.id}/{verb}", wrong)
    (item,) = await contacts.batch(
        "people", {"key": "k", "id": made.id, "action": verb, "body": wrong}
    )

    assert (alone.status, [at for at, _ in alone.errors]) == (422, [pointer])
    assert item["status"] == 422


async def test_half_a_character_is_no_text(contacts: Caller) -> None:
    made = await contacts.post("/people", CHIEF)

    answer = await contacts.post(f"/people/{made.id}/protocol", HALF)

    assert (answer.status, answer.json["code"]) == (400, "malformed")
