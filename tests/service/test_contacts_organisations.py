"""Organisations over HTTP, against real PostgreSQL and NATS."""

import pytest

from deploy.local.state import free_port
from services.contacts.app import create_app
from services.contacts.settings import ContactsSettings
from tests.service.deciding_world import POLICY_FILE, serving


@pytest.fixture
async def contacts(postgres, nats, layout):
    fresh = await postgres.fresh("contacts", "keystore")
    address = nats.address("contacts")
    settings = ContactsSettings(
        service="contacts",
        mission=address.mission,
        site=address.site,
        port=free_port(),
        keystore_url=fresh.url("keystore", "contacts"),
        nats_url=nats.url,
        nats_seed_file=layout.secrets / "nats-contacts.seed",
        secrets_dir=layout.secrets,
        policy_file=POLICY_FILE,
        database_url=fresh.url("contacts", "app"),
    )
    async with serving(create_app(settings), settings.port, "contacts", layout.secrets) as caller:
        yield caller


async def test_an_organisation_is_registered(contacts):
    answer = await contacts.post("/organisations", {"name": "River Aid"})
    assert (answer.status, answer.json["outcome"], answer.json["version"]) == (201, "created", 1)
    assert answer.json["readable"] == ["base"]
