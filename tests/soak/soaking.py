"""One soak from start to finish: load, deaths, followers; then what must hold of all of it."""

import asyncio
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from deploy.local.layout import ROOT
from tests.e2e.partner import Partner, Persona
from tests.fault.installed.test_services_killed_under_load import rebuilt_equals_live
from tests.soak.following import Subscriber
from tests.soak.killing import kill_at_random
from tests.soak.readiness import reasons_not_to_be_ready
from tests.soak.writing import KINDS, Written, stay_signed_in, write
from tests.stack.installation import Installation, started_installation

SUBSCRIBERS = 3
CATCH_UP_SECONDS = 120.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    seconds: float
    writes_per_second: float
    gap_seconds: float


async def soak(plan: Plan, chance: random.Random, say: Say) -> list[str]:
    """What did not hold, in words; empty when everything did."""
    starting = started_installation()
    installation = await asyncio.to_thread(starting.__enter__)
    try:
        return await _soak(installation, plan, chance, say)
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


async def _soak(
    installation: Installation, plan: Plan, chance: random.Random, say: Say
) -> list[str]:
    async with AsyncExitStack() as stack:
        writer, *readers = [
            await stack.enter_async_context(_partner(installation)) for _ in range(1 + SUBSCRIBERS)
        ]
        cursor = (await writer.get("/v1/changes"))["next_cursor"]
        subscribers = [Subscriber(reader, cursor) for reader in readers]
        written = Written()
        async with asyncio.TaskGroup() as group:
            following = [group.create_task(one.follow()) for one in subscribers]
            deaths = await _under_load(installation, [writer, *readers], plan, chance, written)
            say(_counts(deaths, written, subscribers))
            findings = await reasons_not_to_be_ready(installation, CATCH_UP_SECONDS)
            findings += await _of_subscribers(subscribers, written)
            for task in following:
                task.cancel()
        await writer.sign_in()
        findings += await _of_lists(writer, written)
    return findings + await asyncio.to_thread(_of_checkers, installation, say)


def _partner(installation: Installation) -> Partner:
    return Partner(installation.gateway_url, Persona.of(installation.demo["personas"][0]))


async def _under_load(
    installation: Installation,
    partners: list[Partner],
    plan: Plan,
    chance: random.Random,
    written: Written,
) -> Counter[str]:
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(write(partners[0], plan.writes_per_second, over, written))
        for partner in partners:
            group.create_task(stay_signed_in(partner, over))
        try:
            return await kill_at_random(installation, plan.seconds, plan.gap_seconds, chance)
        finally:
            over.set()


def _counts(deaths: Counter[str], written: Written, subscribers: list[Subscriber]) -> str:
    died = ", ".join(f"{name} {count}" for name, count in sorted(deaths.items()))
    connections = sum(one.connections for one in subscribers)
    return (
        f"{deaths.total()} deaths ({died}); {len(written.ids)} writes acknowledged, "
        f"{written.given_up} given up; {connections} connections of {len(subscribers)} subscribers"
    )


async def _of_subscribers(subscribers: list[Subscriber], written: Written) -> list[str]:
    """Each was told of every acknowledged write, under one id."""
    wanted, findings = written.ids, []
    for number, one in enumerate(subscribers, start=1):
        missing = await one.until_told(wanted, CATCH_UP_SECONDS)
        if missing:
            findings.append(f"subscriber {number} was not told of {len(missing)} writes")
        if twice := one.told_twice(wanted):
            findings.append(f"subscriber {number} was told twice of {len(twice)} writes")
        if one.resets:
            findings.append(f"subscriber {number} was reset {one.resets} times")
    return findings


async def _of_lists(partner: Partner, written: Written) -> list[str]:
    """Every acknowledged id is listed once, and every word that was sent is in one record only."""
    findings = [f"{word} was acknowledged twice" for word in written.doubled]
    for kind in KINDS:
        listed = await partner.all_pages(f"/v1/{kind}")
        ids = Counter(item["id"] for item in listed)
        words = Counter(item["title"]["text"] for item in listed)
        lost = written.acknowledged[kind].keys() - ids.keys()
        doubled = [word for word, count in words.items() if count > 1]
        if lost or doubled or max(ids.values(), default=0) > 1:
            findings.append(f"{kind}: {len(lost)} acknowledged and lost, {len(doubled)} doubled")
    return findings


def _of_checkers(installation: Installation, say: Say) -> list[str]:
    findings = []
    command = [sys.executable, "-P", "-m", "cli", "verify", "--var", str(installation.layout.var)]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    say(done.stdout.strip())
    if done.returncode:
        findings.append(f"verify found something wrong {done.stderr[-500:]}")
    try:
        rebuilt_equals_live(installation)
    except AssertionError as wrong:
        findings.append(f"a rebuilt read model differs from the live one: {str(wrong)[:500]}")
    return findings
