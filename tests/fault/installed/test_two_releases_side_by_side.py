"""Upgrade: the release before serves while the databases are migrated and this one starts beside it.

Promise: both write and read at once, each what the other wrote; every acknowledged write is there once,
every checker is green, and the read model equals a rebuild.
Slow because it starts an installation of each release.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from tests.e2e.partner import Json, Partner, Persona
from tests.fault.installed.test_services_killed_under_load import rebuilt_equals_live
from tests.stack.installation import Installation, started_installation
from tests.stack.release import migrate_while_serving, previous_release, this_release_beside
from tests.thorough import times

WRITES = times(60, thorough=120)
CAUGHT_UP_SECONDS = 20
WRITES_PER_SECOND = times(20, thorough=40)
VERIFY_SECONDS = 120


@pytest.fixture
def released(tmp_path: Path) -> Iterator[Installation]:
    """An installation of the release before."""
    try:
        code = previous_release(tmp_path)
    except LookupError as missing:
        pytest.skip(str(missing))
    with started_installation(code) as installation:
        yield installation


async def test_two_releases_side_by_side_lose_nothing_and_read_one_another(
    released: Installation,
) -> None:
    persona = Persona.of(released.demo["personas"][0])
    async with AsyncExitStack() as exits:
        before = await exits.enter_async_context(Partner(released.gateway_url, persona))
        written, _ = await asyncio.gather(_write(before, "old"), migrate_while_serving(released))
        url = await exits.enter_async_context(this_release_beside(released))
        now = await exits.enter_async_context(Partner(url, persona))
        for more in await asyncio.gather(_write(before, "both"), _write(now, "new")):
            written |= more
        await _each_amends_what_the_other_wrote(before, now)
        await _all_there_once(before, written)
        await _all_there_once(now, written)
    await asyncio.to_thread(_verified, released)
    assert await asyncio.to_thread(rebuilt_equals_live, released)


async def _write(partner: Partner, word: str) -> dict[str, str]:
    """WRITES organisations and engagements at a steady rate: id -> word."""
    acknowledged: dict[str, str] = {}

    async def write(number: int) -> None:
        path, body = _body(number, f"{word}{number}")
        answer = await partner.post_until_acknowledged(path, body)
        acknowledged[answer["id"]] = f"{word}{number}"

    async with asyncio.TaskGroup() as group:
        for number in range(WRITES):
            group.create_task(write(number))
            await asyncio.sleep(1 / WRITES_PER_SECOND)
    return acknowledged


def _body(number: int, word: str) -> tuple[str, Json]:
    if number % 2:
        return "/v1/organisations", {"name": word, "organisation_kind": "ngo"}
    plan = {"purpose": word, "type": "routine_liaison", "starts_at": "2031-01-02T09:00:00Z"}
    return "/v1/engagements", plan


async def _each_amends_what_the_other_wrote(before: Partner, now: Partner) -> None:
    for writer, other in ((before, now), (now, before)):
        path, body = _body(0, f"amended-by-{other.gateway}")
        written = (await writer.post(path, body))["id"]
        await other.post(f"{path}/{written}/confirm", {})
        await writer.post(f"{path}/{written}/cancel", {"reason": "transport"})


async def _all_there_once(partner: Partner, written: dict[str, str]) -> None:
    """Every acknowledged id is listed once, soon, and every word in one record only."""
    listed = await _listed(partner)
    with suppress(TimeoutError):
        async with asyncio.timeout(CAUGHT_UP_SECONDS):
            while not written.keys() <= {item["id"] for item in listed}:
                await asyncio.sleep(0.2)
                listed = await _listed(partner)
    words = Counter(item["title"]["text"] for item in listed)
    assert written.keys() <= {item["id"] for item in listed}
    assert {words[word] for word in written.values()} == {1}


async def _listed(partner: Partner) -> list[Json]:
    return [
        item
        for kind in ("organisations", "engagements")
        for item in await partner.all_pages(f"/v1/{kind}")
    ]


def _verified(installation: Installation) -> None:
    command = [sys.executable, "-P", "-m", "cli", "verify", "--var", str(installation.layout.var)]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=VERIFY_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
