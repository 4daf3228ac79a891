"""A provider that runs, people linked to it, and a browser that goes to it and comes back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from deploy.local.state import free_port
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import World

ROOT = Path(__file__).parents[2]
CLIENT_ID, SECRET = "parley", "what-the-provider-knows-us-by-0123456789"
COOKIE = "parley-sign-in"
WHY = {"reason": "Signs in with the mission's own account"}
STOP_SECONDS = 10


@contextmanager
def running_provider() -> Iterator[str]:
    """Its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.service.oidc_provider", str(port), CLIENT_ID, SECRET]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout
    with closing(process.stdout):
        assert process.stdout.readline() == "ready\n"
        yield f"http://localhost:{port}"
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


async def record_of(world: World, name: str) -> str:
    officer = await world.bearer("officer")
    _, told = await call(world, "GET", f"/v1/access/people?q={name}", officer)
    return str(told["items"][0]["id"])


async def ordered(world: World, record_id: str, verb: str, **body: str) -> tuple[int, Any]:
    headers = keyed(await world.bearer("officer"))
    path = f"/v1/access/people/{record_id}/{verb}"
    answer, told = await call(world, "POST", path, headers, WHY | body)
    return answer.status, told


async def linked(world: World, record_id: str, issuer: str, kind: str, identity: str) -> int:
    told = {"issuer": issuer, "kind": kind, "identity": identity}
    return (await ordered(world, record_id, "link_identity", **told))[0]


async def lever(world: World, issuer: str, **levers: Any) -> None:
    async with world.http.post(f"{issuer}/lever", json=levers) as answer:
        assert answer.status == 200


async def begun(world: World, wanted: str = "/here", more: str = "") -> tuple[str, str]:
    """Where the provider sends the browser back to, and the cookie it brings along."""
    path = f"/sign-in/provider?next={wanted}{more}"
    async with world.http.get(path, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        away, cookie = answer.headers["Location"], answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "lax")
    async with world.http.get(away, allow_redirects=False) as door:
        assert door.status == 302, await door.text()
        return door.headers["Location"], cookie.value


async def back(world: World, address: str, cookie: str) -> aiohttp.ClientResponse:
    cookies = {COOKIE: cookie} if cookie else {}
    return await world.http.get(address, cookies=cookies, allow_redirects=False)


async def through(world: World, issuer: str, **levers: Any) -> tuple[str, str]:
    """All the way: where it leads, and the session's cookie, if any."""
    await lever(world, issuer, **levers)
    answer = await back(world, *await begun(world))
    assert answer.status == 303
    session = answer.cookies.get("parley")
    return answer.headers["Location"], session.value if session else ""


def refused(why: str) -> tuple[str, str]:
    return f"/sign-in?failed={why}&next=%2Fhere", ""
