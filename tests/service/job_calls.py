"""Asking for jobs in tests, and waiting until they have come to their end."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World

SECONDS = 20
NDJSON, CSV = "application/x-ndjson", "text/csv"


async def exported(world: World, headers: Any, plural: str, **query: str) -> Any:
    """The job, done."""
    asked = await call(world, "POST", f"/v1/{plural}/export", keyed(headers), params=query)
    assert asked[0].status == 202, asked[1]
    return await ended(world, headers, asked[1]["id"])


async def imported(
    world: World, headers: Any, plural: str, content: str | bytes, media_type: str, **query: str
) -> Any:
    """The job, come to its end."""
    answer, job = await sent(world, headers, plural, content, media_type, **query)
    assert answer.status == 202, job
    return await ended(world, headers, job["id"])


async def sent(
    world: World, headers: Any, plural: str, content: Any, media_type: str, **query: str
) -> tuple[Any, Any]:
    """With a key of its own unless `headers` name one."""
    given = {"Idempotency-Key": uuid4().hex, "Content-Type": media_type} | headers
    async with world.http.post(
        f"/v1/{plural}/import", data=content, headers=given, params=query
    ) as answer:
        return answer, await answer.json()


async def ended(world: World, headers: Any, job_id: str) -> Any:
    async with asyncio.timeout(SECONDS):
        while not (job := await read(world, headers, job_id)).get("ended_at"):
            await asyncio.sleep(0.02)
    return job


async def read(world: World, headers: Any, job_id: str) -> Any:
    return (await call(world, "GET", f"/v1/jobs/{job_id}", headers))[1]


async def fetched(world: World, headers: Any, job: Any) -> tuple[Any, str]:
    async with world.http.get(job["file"], headers=headers) as answer:
        return answer, (await answer.read()).decode()


def lines_of(text: str) -> tuple[Any, list[Any]]:
    """The head of an NDJSON file, and its records."""
    head, *rows = [json.loads(line) for line in text.splitlines()]
    return head, rows


def rows(*bodies: Any) -> str:
    """As a file of NDJSON."""
    return "".join(json.dumps(body) + "\n" for body in bodies)


def items(world: World, path: str = "/engagements/batch") -> list[Any]:
    """What the services were asked to write, in order."""
    heard = [one for one in world.services.heard if one.path == path]
    return [item for one in heard for item in json.loads(one.body)["items"]]
