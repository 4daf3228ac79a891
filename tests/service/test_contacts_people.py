"""People over HTTP, against real PostgreSQL and NATS."""

import pytest

from shared.ids import Kind, RecordId
from shared.roles import Role
from tests.service.deciding_world import an_organisation

CHIEF = {"described_as": "Paramount chief, Akobo"}
DENG = {"name": "Deng Invented", "aliases": [{"name": "دينق", "transliteration": "Deng"}]}
PHONE = {"contact_details": [{"means": "mobile", "value": "+211 900 000 001"}]}
MILITARY = {"level": "confidential", "releasable_to": [["mil"]]}


async def test_a_person_is_registered_with_a_name(contacts, installed):
    answer = await contacts.post("/people", CHIEF | {"identity": DENG})
    assert (answer.status, answer.json["outcome"], answer.json["hints"]) == (201, "created", [])
    assert answer.json["readable"] == ["base", "identity", "protocol", "private"]
    assert await installed.events("contacts", answer.id) == ["registered", "named"]
