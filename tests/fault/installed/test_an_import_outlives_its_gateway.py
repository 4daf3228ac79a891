"""Fault: the gateway is killed again and again while it writes the rows of an import. Promise: every row is
written once, and the job says so."""

import asyncio
import json
from collections import Counter
from uuid import uuid4

import aiohttp

from tests.e2e.partner import Json, Partner, Persona
from tests.stack.installation import Installation
from tests.thorough import times

DEATHS = times(2, thorough=10)
ROWS = times(2_000, thorough=12_000)
SECONDS = 180
LOOK_AGAIN_SECONDS = 0.1
PAGE_SIZE = "500"


async def test_every_row_is_written_once_by_a_gateway_that_is_killed_half_way(
    killable: Installation,
) -> None:
    persona = Persona.of(killable.demo["personas"][0])
    mark = f"Import {uuid4().hex}"
    async with asyncio.timeout(SECONDS):
        async with Partner(killable.gateway_url, persona) as partner:
            job = await _sent(partner, mark)
            for death in range(DEATHS):
                await _past(killable, partner, job, (death + 1) * ROWS // (DEATHS + 2))
                await _killed(killable)
            while not (done := await _past(killable, partner, job, ROWS))["ended_at"]:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            names = await _names(partner, mark)
    assert done["state"] == "done"
    assert done["progress"] == {"rows": ROWS, "total": ROWS, "accepted": ROWS, "rejected": 0}
    assert Counter(names) == Counter(f"{mark} {number}" for number in range(ROWS))


async def _sent(partner: Partner, mark: str) -> str:
    rows = (json.dumps({"name": f"{mark} {number}"}) + "\n" for number in range(ROWS))
    headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/x-ndjson"}
    async with partner.session.post(
        "/v1/organisations/import", data="".join(rows), headers=partner.headers | headers
    ) as answer:
        told = await answer.json()
        assert answer.status == 202, told
        return str(told["id"])


async def _past(running: Installation, partner: Partner, job: str, rows: int) -> Json:
    """The job, once it has dealt with so many rows."""
    while True:
        try:
            status, told, _ = await partner.call("GET", f"/v1/jobs/{job}")
        except (aiohttp.ClientError, TimeoutError):
            await running.until_ready("gateway")
            continue
        if status == 200 and told["progress"]["rows"] >= rows:
            return told
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _killed(running: Installation) -> None:
    await running.kill("gateway")
    await running.until_ready("gateway")


async def _names(partner: Partner, mark: str) -> list[str]:
    """Of all organisations that bear the mark."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await partner.get("/v1/organisations", page_size=PAGE_SIZE, **cursor)
        names = (view["name"]["text"] for view in page["items"])
        found += [name for name in names if name.startswith(mark)]
        if not page["next_cursor"]:
            return found
        cursor = {"cursor": page["next_cursor"]}
