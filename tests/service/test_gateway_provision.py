"""People and clients made by the operator's command: once, and kept."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from services.gateway.access.accounts import account_named, client_by_id, secret_hashes
from services.gateway.access.desk import FIRST_PASSWORD_HOLDS, AccessDesk
from services.gateway.access.inheriting import inherit
from services.gateway.access.opening import OperatorAccess, open_desk
from services.gateway.access.passwords import hashed, open_passwords
from services.gateway.access.provision import Provision, provision, read_lines, write_private
from shared.clock import utc_now
from shared.contracts.gateway import GrantKind
from shared.ids import Kind, RecordId
from shared.key_ring import KeyRing
from shared.policy import load_policy
from tests.service.gateway_world import POLICY_FILE, persona

PEOPLE = (persona("ann"), persona("ben"))
OLD_ACCOUNT = """insert into accounts (account_id, username, display_name, organisation_id, roles,
        communities, caveats, level, password_hash)
    values ('zoe', 'zoe', 'Zoe', $1, '{partner}', '{un}', '{}', 'public', $2)"""
OLD_CLIENT = """insert into clients (client_id, account_id, level, secret_hash)
    values ('zoe-client', 'zoe', 'public', $1)"""
RUN = Provision("test", {}, {})


@pytest.fixture
async def fresh(postgres):
    return await postgres.fresh("gateway", "keystore")


@pytest.fixture
def owner_url(fresh) -> str:
    url: str = fresh.url("gateway", "owner")
    return url


@pytest.fixture
async def desk(fresh, layout) -> AsyncIterator[AccessDesk]:
    access = OperatorAccess(
        fresh.url("gateway", "app"),
        fresh.url("keystore", "gateway"),
        KeyRing(layout.secrets / "kek-gateway.key"),
        load_policy(POLICY_FILE),
    )
    async with open_desk(access) as opened:
        yield opened


async def test_a_password_that_was_handed_out_is_kept(desk) -> None:
    first = {line["id"]: line for line in await provision(desk, RUN, PEOPLE)}
    again = await provision(desk, replace(RUN, kept=first), PEOPLE)
    assert again == list(first.values())
    known = await account_named(desk.pool, "ann")
    assert known is not None
    passwords = open_passwords()
    assert await passwords.matches(first["ann"]["password"], known.password_hash, remember=False)


async def test_a_lost_file_means_new_passwords(desk) -> None:
    first = await provision(desk, RUN, PEOPLE)
    again = await provision(desk, RUN, PEOPLE)
    assert first[0]["password"] != again[0]["password"]


async def test_what_stands_already_is_not_ordered_again(desk) -> None:
    first = {line["id"]: line for line in await provision(desk, RUN, PEOPLE)}
    before = await desk.kit.store.head()
    await provision(desk, replace(RUN, kept=first), PEOPLE)
    assert await desk.kit.store.head() == before


async def test_what_the_file_no_longer_gives_is_taken_back(desk) -> None:
    await provision(desk, RUN, (persona("ann", communities=("un", "ngo")),))
    await provision(desk, RUN, (persona("ann", communities=("ngo",), level="public"),))
    known = await account_named(desk.pool, "ann")
    assert known is not None
    assert known.holds(GrantKind.COMMUNITY, utc_now()) == {"ngo"}
    assert known.level == "public"


async def test_the_tables_are_made_anew_from_events_and_hold_the_same(desk) -> None:
    await provision(desk, RUN, PEOPLE)
    before, after = await desk.projection.rebuild()
    assert before == after
    assert await account_named(desk.pool, "ann") is not None


async def test_who_was_let_in_by_the_release_before_still_is(desk, owner_url) -> None:
    home = str(RecordId.new(Kind.ORGANISATION))
    owner = await asyncpg.connect(owner_url, timeout=5)
    await owner.execute(OLD_ACCOUNT, home, hashed("old password"))
    await owner.execute(OLD_CLIENT, hashed("old secret"))
    await owner.close()
    for _ in range(2):
        await inherit(desk, "test")
    known = await account_named(desk.pool, "zoe")
    passwords = open_passwords()
    assert known is not None
    assert await passwords.matches("old password", known.password_hash, remember=False)
    assert known.holds(GrantKind.COMMUNITY, utc_now()) == {"un"}
    client = await client_by_id(desk.pool, "zoe-client")
    assert client is not None
    [secret] = await secret_hashes(desk.pool, client, utc_now())
    assert await passwords.matches("old secret", secret, remember=False)


async def test_no_event_holds_a_password_a_hash_or_a_name(desk) -> None:
    lines = await provision(desk, RUN, (persona("ann", name="Unmistakable Name"),))
    stored = b"".join(one.data + one.meta for one in await desk.kit.store.read_all(0, 100))
    hashes = [row[0] for row in await desk.pool.fetch("select secret_hash from credentials")]
    secrets = [lines[0]["password"], lines[0]["client_secret"], *hashes, "Unmistakable"]
    assert [one for one in secrets if one.encode() in stored] == []


async def test_a_community_the_mission_does_not_have_is_refused_and_changes_nothing(desk) -> None:
    strangers = (persona("ann"), persona("ben", communities=("elsewhere",)))
    with pytest.raises(KeyError, match="elsewhere"):
        await provision(desk, RUN, strangers)
    assert await desk.pool.fetchval("select count(*) from access_accounts") == 0


def test_the_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    out = tmp_path / "demo.json"
    write_private(out, [{"id": "ann", "password": "p"}])
    assert out.stat().st_mode & 0o777 == 0o600
    assert read_lines(out) == {"ann": {"id": "ann", "password": "p"}}
    assert json.loads(out.read_text("utf-8"))["personas"][0]["id"] == "ann"


async def test_what_is_made_cannot_be_guessed(desk) -> None:
    lines = await provision(desk, RUN, PEOPLE)
    made = [line[name] for line in lines for name in ("password", "client_secret")]
    assert len({*made}) == len(made)
    assert min(len(bytes.fromhex(one)) for one in made) * 8 >= 128


async def test_outside_an_exercise_a_password_of_the_file_ends_unless_another_is_chosen(
    desk,
) -> None:
    await provision(desk, RUN, PEOPLE)
    known = await account_named(desk.pool, "ann")
    assert known is not None
    assert known.password_until is None
    real = replace(desk, kit=replace(desk.kit, exercise=False))
    await provision(real, RUN, PEOPLE)
    known = await account_named(desk.pool, "ann")
    assert known is not None
    assert known.password_until is not None
    assert timedelta() < known.password_until - utc_now() <= FIRST_PASSWORD_HOLDS
