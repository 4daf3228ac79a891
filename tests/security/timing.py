"""`./parley test --timing N`: how long answers about hidden things take, and about absent ones.

A report, not a test: what a stopwatch says differs from machine to machine. Both are asked for in turn, in an
order of chance, so that whatever else the machine does falls on both alike.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from shared.ids import Kind, RecordId
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation, started_installation

TIMES = 500
OWNER, STRANGER = "liaison-officer", "un-agency"
HIDDEN = {"level": "public", "releasable_to": [], "caveats": []}
PARTS = 10
Request = tuple[str, str]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./parley test --timing", description=__doc__)
    parser.add_argument("--timing", type=int, default=TIMES, help="how often each is asked")
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    options = parser.parse_args(arguments)
    with started_installation() as running:
        asyncio.run(_report(running, options.timing, random.Random(options.seed)))
    return 0


async def _report(running: Installation, often: int, chance: random.Random) -> None:
    lines = {line["id"]: Persona.of(line) for line in running.demo["personas"]}
    async with (
        Partner(running.gateway_url, lines[OWNER]) as owner,
        Partner(running.gateway_url, lines[STRANGER]) as stranger,
    ):
        hidden, word = await _hide(owner)
        absent, other = str(RecordId.new(Kind.ENGAGEMENT)), _word()
        asked: dict[str, tuple[Request, Request]] = {
            "a record": (_get(hidden), _get(absent)),
            "its history": (_get(f"{hidden}/history"), _get(f"{absent}/history")),
            "a search": (("GET", f"/v1/records?q={word}"), ("GET", f"/v1/records?q={other}")),
            "a write": (_cancel(hidden), _cancel(absent)),
        }
        for what, pair in asked.items():
            _tell(what, await _measured(stranger, pair, often, chance))


def _word() -> str:
    return f"qt{uuid4().hex[:12]}"


def _get(part: str) -> Request:
    return "GET", f"/v1/records/{part}"


def _cancel(record_id: str) -> Request:
    return "POST", f"/v1/engagements/{record_id}/cancel"


async def _hide(owner: Partner) -> tuple[str, str]:
    """Id of a record that only its owner sees, and a word in it."""
    word = _word()
    body = {"purpose": word, "type": "routine_liaison", "starts_at": "2031-03-02T09:00:00Z"}
    record_id = (await owner.post("/v1/engagements", body | {"label": HIDDEN}))["id"]
    await owner.get(f"/v1/records/{record_id}")
    return record_id, word


async def _measured(
    partner: Partner, pair: tuple[Request, Request], often: int, chance: random.Random
) -> tuple[list[float], list[float]]:
    """Milliseconds of each answer about what is hidden, and about what is absent."""
    took: tuple[list[float], list[float]] = ([], [])
    order = [which for which in (0, 1) for _ in range(often)]
    chance.shuffle(order)
    for which in order:
        method, path = pair[which]
        body: Any = {"reason": "routes"} if method == "POST" else None
        began = time.perf_counter()
        status, _, _ = await partner.call(
            method, path, body, headers={"Idempotency-Key": uuid4().hex}
        )
        took[which].append((time.perf_counter() - began) * 1000)
        assert status in (200, 404), f"{path} was refused before anybody looked: {status}"
    return took


def _tell(what: str, took: tuple[list[float], list[float]]) -> None:
    """Deciles of both, and what a guess by the median alone would gain over a coin."""
    print(f"{what}, {len(took[0])} times each, in milliseconds:")
    for name, times in zip(("hidden", "absent"), took, strict=True):
        deciles = "  ".join(f"{each:6.1f}" for each in statistics.quantiles(times, n=PARTS))
        print(f"  {name:8} {deciles}")
    middle = statistics.median([*took[0], *took[1]])
    above = [sum(each > middle for each in times) / len(times) for times in took]
    print(f"  slower than the common median: hidden {above[0]:.1%}, absent {above[1]:.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
