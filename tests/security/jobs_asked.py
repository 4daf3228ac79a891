"""Jobs asked for in the house, and what came of them."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from tests.security.asking import ask
from tests.security.conftest import House
from tests.security.rows import ROWS, send
from tests.worlds.asking import Request

SECONDS = 20


async def exported(house: House, persona: str, plural: str) -> str:
    """The file's text."""
    job = await _done(house, persona, send(f"/v1/{plural}/export", {}))
    return await ask(house, persona, job["file"])


async def imported(house: House, persona: str, plural: str, row: Any) -> tuple[Any, Any]:
    """The job, and its rows that were refused."""
    job = await _done(house, persona, send(f"/v1/{plural}/import?system=c2", row, ROWS))
    return job, json.loads(await ask(house, persona, f"/v1/jobs/{job['id']}/rejected"))


async def _done(house: House, persona: str, request: Request) -> Any:
    seat, key = house.seats[persona], {"Idempotency-Key": uuid4().hex}
    house.hiding.number += 1
    await seat.sit_down(house.hiding.number, pages=True)
    asked = Request("POST", request.path, request.body, {**request.headers, **key})
    told = await seat.ask(asked, house.hiding.number)
    assert told.status == 202, told
    async with asyncio.timeout(SECONDS):
        while True:
            job = json.loads(await ask(house, persona, told.header("location") or ""))
            if job["ended_at"]:
                return job
            await asyncio.sleep(0.02)
