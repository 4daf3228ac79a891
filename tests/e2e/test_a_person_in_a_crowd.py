"""Many at once note something of one person: each is noted, or told why not and when to come again."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.e2e.conftest import Everybody
from tests.e2e.partner import Partner

AT_ONCE = 24
OK, BUSY, STALE = 200, 503, 412
LABEL = {"level": "public", "releasable_to": [["all"]], "caveats": []}


async def registered(officer: Partner) -> tuple[str, str]:
    """The address of somebody new, and the version he is seen at."""
    made = await officer.post("/v1/people", {"described_as": "Keeper of a gate", "label": LABEL})
    path = f"/v1/people/{made['id']}"
    await officer.get(path, at_least=made["position"])
    _, _, seen = await officer.call("GET", path)
    return path, seen["ETag"]


async def noted(officer: Partner, path: str, seen: str, number: int) -> int:
    headers = {"Idempotency-Key": uuid4().hex, "If-Match": seen}
    body = {"notes": [{"text": f"Note {number}"}]}
    status, _, answered = await officer.call("POST", f"{path}/protocol", body, headers=headers)
    assert status != BUSY or answered["Retry-After"]
    return status


async def all_at_once(officer: Partner, path: str, seen: str) -> Counter[int]:
    return Counter(await asyncio.gather(*(noted(officer, path, seen, n) for n in range(AT_ONCE))))


async def events(officer: Partner, path: str) -> int:
    history = await officer.get(f"/v1/records/{path.rpartition('/')[2]}/history")
    return Counter(one["type"] for one in history["items"])["person.protocol_noted.v1"]


async def test_who_take_it_as_it_stands_are_noted_or_told_to_come_again(
    everybody: Everybody,
) -> None:
    officer = everybody["liaison-officer"]
    path, _ = await registered(officer)
    told = await all_at_once(officer, path, "*")
    assert {*told} <= {OK, BUSY}
    assert await events(officer, path) == told[OK] > 0


async def test_of_all_who_saw_the_same_version_one_is_noted(everybody: Everybody) -> None:
    officer = everybody["liaison-officer"]
    path, seen = await registered(officer)
    told = await all_at_once(officer, path, seen)
    assert (told[OK], {*told} <= {OK, STALE, BUSY}) == (1, True)
    assert await events(officer, path) == 1
