"""People and clients made by the operator's command: once, and kept."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from services.gateway.access.passwords import open_passwords
from services.gateway.access.provision import Provision, provision, read_lines, write_private
from shared.policy import load_policy
from tests.service.gateway_world import MISSION, POLICY_FILE, persona

PEOPLE = (persona("ann"), persona("ben"))
RUN = Provision(load_policy(POLICY_FILE), MISSION, {}, {})


@pytest.fixture
async def pool(postgres) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    url = (await postgres.fresh("gateway")).url("gateway", "app")
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as opened:
        yield opened


async def test_a_password_that_was_handed_out_is_kept(pool) -> None:
    first = {line["id"]: line for line in await provision(pool, RUN, PEOPLE)}
    again = await provision(pool, replace(RUN, kept=first), PEOPLE)
    assert again == list(first.values())
    known = await pool.fetchval("select password_hash from accounts where account_id = 'ann'")
    passwords = open_passwords()
    assert await passwords.matches(first["ann"]["password"], known, remember=False)


async def test_a_lost_file_means_new_passwords(pool) -> None:
    first = await provision(pool, RUN, PEOPLE)
    again = await provision(pool, RUN, PEOPLE)
    assert first[0]["password"] != again[0]["password"]


async def test_a_change_of_rights_opens_a_new_policy_epoch_and_nothing_else_does(pool) -> None:
    epoch = "select policy_epoch from accounts where account_id = 'ann'"
    await provision(pool, RUN, PEOPLE)
    await provision(pool, RUN, (persona("ann", name="Ann Other"),))
    renamed = await pool.fetchval(epoch)
    await provision(pool, RUN, (persona("ann", level="public"),))
    assert (renamed, await pool.fetchval(epoch)) == (1, 2)


async def test_a_community_the_mission_does_not_have_is_refused_and_changes_nothing(pool) -> None:
    strangers = (persona("ann"), persona("ben", communities=("elsewhere",)))
    with pytest.raises(KeyError, match="elsewhere"):
        await provision(pool, RUN, strangers)
    assert await pool.fetchval("select count(*) from accounts") == 0


def test_the_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    out = tmp_path / "demo.json"
    write_private(out, [{"id": "ann", "password": "p"}])
    assert out.stat().st_mode & 0o777 == 0o600
    assert read_lines(out) == {"ann": {"id": "ann", "password": "p"}}
    assert json.loads(out.read_text("utf-8"))["personas"][0]["id"] == "ann"
