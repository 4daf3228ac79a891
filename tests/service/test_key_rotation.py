"""Key-encryption keys change while services write, and what has expired opens nothing."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli.safekeeping.key_rotation import KeyFile
from deploy.local.layout import write_private
from services.contacts.settings import ContactsSettings
from services.gateway.webhooks.signing import new_pair, opened_pairs, sealed_pairs
from services.gateway.webhooks.store import SECRETS, webhook
from shared.clock import utc_now
from shared.contracts.contacts import ContactsEvent
from shared.database import open_pool
from shared.event_types import event_types
from shared.eventstore.store import open_store
from shared.key_ring import KeyRing, WrappingKey, read_ring, spelled
from shared.keys import own_keys, readable_keys
from shared.rewrapping import UnknownKeyError, count_by_key, rewrap
from shared.sealing import Opened, Vault
from tests.service.deciding_world import Caller, Installed
from tests.service.test_removals import ASKED, keys_of, second, told
from tests.stack.nats import new_mission

REGISTERED = """
insert into webhooks (webhook_id, client_id, subject, organisation_id, url, kinds, include_record,
                      state, secrets, request_digest, failures, registered_at)
values ('hook', 'client', 'subject', 'organisation', 'https://example.org', '{}', false,
        'pending', $1, '', 0, now())
"""
MONTH = timedelta(days=30)
AT_ONCE = 4
BEFORE, MEANWHILE = 12, 40


@pytest.fixture
async def installed(postgres, nats, layout, tmp_path: Path) -> Installed:
    """With secrets of its own, which others must not see change."""
    secrets = tmp_path / "secrets"
    shutil.copytree(layout.secrets, secrets)
    (tmp_path / "removed").mkdir()
    fresh = await postgres.fresh("contacts", "keystore")
    return Installed(fresh, nats.url, new_mission(), secrets)


@pytest.fixture
async def contacts(installed: Installed) -> AsyncIterator[Caller]:
    async with installed.contacts() as caller:
        yield caller


@pytest.fixture
def file(installed: Installed, tmp_path: Path) -> KeyFile:
    return KeyFile(
        "contacts", installed.secrets, [tmp_path / "copies"], databases=installed.databases
    )


async def test_keys_are_rotated_while_people_are_registered(
    contacts: Caller, installed: Installed, file: KeyFile, tmp_path: Path
) -> None:
    [old] = file.keys
    made = [(await contacts.post("/people", told(f"Before {n}"))).id for n in range(BEFORE)]
    writing = asyncio.gather(*(_register(contacts, made) for _ in range(AT_ONCE)))
    file.add(utc_now())
    count = await file.rewrap(_silent)
    await writing
    count += await file.rewrap(_silent)
    assert count >= BEFORE
    assert (await file.count()).keys() == {file.keys[0].name} != {old.name}
    assert read_ring(tmp_path / "copies" / file.name) == file.keys
    _retire_long_ago(file)
    assert [key.name for key in await file.expire(utc_now(), MONTH, _silent)] == [old.name]
    assert len(file.keys) == 1
    again = await contacts.post("/people", told("After"))
    opened = await _read_anew(installed, [*made, again.id])
    assert {one.recorded.stream_id for one in opened} == {*made, again.id}
    assert not any(one.sealed_away for one in opened)


async def test_a_reader_that_began_before_the_rotation_opens_what_came_after(
    contacts: Caller, installed: Installed, file: KeyFile
) -> None:
    ring = KeyRing(installed.secrets / file.name)
    url = installed.databases.url("keystore", "reporting")
    async with open_pool(url, connections=1) as pool:
        reporting = readable_keys(pool, "contacts", ring)
        file.add(utc_now())
        made = await contacts.post("/people", told())
        found = await reporting.find([made.id])
    assert found[made.id].secret is not None


async def test_a_rotation_that_was_cut_off_is_finished_and_nothing_is_lost_meanwhile(
    contacts: Caller, installed: Installed, file: KeyFile
) -> None:
    made = await contacts.post("/people", told())
    file.add(utc_now())
    assert not any(one.sealed_away for one in await _read_anew(installed, [made.id]))
    assert await file.rewrap(_silent) > 0
    assert await file.rewrap(_silent) == 0


async def test_a_key_does_not_expire_before_backups_do(contacts: Caller, file: KeyFile) -> None:
    await contacts.post("/people", told())
    file.add(utc_now())
    assert await file.expire(utc_now(), MONTH, _silent) == []
    assert await file.expire(utc_now(), timedelta(0), _silent) == []
    assert len(file.keys) == 2


async def test_an_expired_key_opens_no_old_copy_of_the_key_store(
    contacts: Caller, installed: Installed, file: KeyFile
) -> None:
    """Which is how whoever was erased since stays erased, whoever restores."""
    made = await contacts.post("/people", told())
    copied = await _wrapped(installed, made.id)
    await contacts.post(f"/people/{made.id}/ask_removal", ASKED)
    await second(contacts).post(f"/people/{made.id}/approve_removal", {})
    file.add(utc_now())
    await file.rewrap(_silent)
    _retire_long_ago(file)
    await file.expire(utc_now(), MONTH, _silent)
    assert (await keys_of(installed, "contacts", made.id))[0][0]
    bound_to = f"{made.id}|1".encode()
    assert [key.open(copied, bound_to) for key in file.keys] == [None]


async def test_what_no_key_opens_stops_the_rotation_and_changes_nothing(
    contacts: Caller, installed: Installed, file: KeyFile
) -> None:
    await contacts.post("/people", told())
    ours = (installed.secrets / file.name).read_text("ascii")
    write_private(installed.secrets / file.name, bytes(32).hex())
    with pytest.raises(UnknownKeyError):
        await file.rewrap(_silent)
    write_private(installed.secrets / file.name, ours)
    assert await file.rewrap(_silent) == 0


async def test_secrets_of_webhooks_are_wrapped_anew_with_the_keys(postgres) -> None:
    old, new = WrappingKey(bytes(32), utc_now()), WrappingKey(bytes([1] * 32))
    databases, pair = await postgres.fresh("gateway"), new_pair()
    async with open_pool(databases.url("gateway", "app"), connections=1) as pool:
        sealed = sealed_pairs(KeyRing.of(old.secret), "hook", [pair])
        await pool.execute(REGISTERED, sealed)
        assert await count_by_key(pool, SECRETS, (new, old)) == {old.name: 1}
        assert await rewrap(pool, SECRETS, (new, old), _silent) == 1
        hook = await webhook(pool, "hook")
    assert hook
    assert opened_pairs(KeyRing.of(new.secret), "hook", hook.secrets) == (pair,)


async def _register(contacts: Caller, made: list[str]) -> None:
    for number in range(MEANWHILE // AT_ONCE):
        answer = await contacts.post("/people", told(f"Meanwhile {number}"))
        assert answer.status == 201, answer.json
        made.append(answer.id)


def _retire_long_ago(file: KeyFile) -> None:
    present, *retired = file.keys
    aged = [replace(key, retired_at=utc_now() - 2 * MONTH) for key in retired]
    write_private(file.secrets / file.name, spelled([present, *aged]))


async def _read_anew(installed: Installed, records: list[str]) -> list[Opened]:
    """As a process that starts now reads them."""
    settings = ContactsSettings(**installed.settings("contacts"))
    async with (
        open_pool(settings.keystore_url, connections=1) as pool,
        open_store(settings.database_url, connections=1) as store,
    ):
        vault = Vault(own_keys(pool, "contacts", settings.wrapping), event_types(ContactsEvent))
        return await vault.open_all(await store.load_many(records))


async def _wrapped(installed: Installed, subject: str) -> bytes:
    async with open_pool(installed.databases.url("keystore", "contacts"), connections=1) as pool:
        found = await pool.fetchval("select wrapped from contacts.keys where subject = $1", subject)
    return bytes(found)


def _silent(count: int) -> None:
    """Nobody watches."""
