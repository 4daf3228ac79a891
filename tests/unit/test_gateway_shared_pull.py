"""Many feeds at one place cost one look; who is woken anew is not answered by an older one."""

import asyncio
from typing import Any

import pytest

from services.gateway.feed.shared_pull import SharedPulls


class Reporting:
    def __init__(self, wrong: Exception | None = None) -> None:
        self.asked = 0
        self.wrong = wrong

    async def ask(self) -> dict[str, Any]:
        self.asked += 1
        await asyncio.sleep(0)
        if self.wrong:
            raise self.wrong
        return {"changes": [], "number": self.asked}


async def test_a_thousand_readers_of_one_place_share_one_look() -> None:
    pulls, reporting = SharedPulls(), Reporting()
    told = await asyncio.gather(*(pulls.get("here", reporting.ask) for _ in range(1_000)))
    assert (reporting.asked, len(told)) == (1, 1_000)


async def test_another_place_or_a_later_wake_up_is_another_look() -> None:
    pulls, reporting = SharedPulls(), Reporting()
    for key in (("rights", 1), ("rights", 2), ("others", 2)):
        await pulls.get(key, reporting.ask)
    assert reporting.asked == 3


async def test_a_reader_who_leaves_takes_the_answer_from_no_other() -> None:
    pulls, reporting = SharedPulls(), Reporting()
    leaving = asyncio.create_task(pulls.get("here", reporting.ask))
    staying = asyncio.create_task(pulls.get("here", reporting.ask))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying)["number"] == 1


async def test_a_look_that_failed_is_made_anew() -> None:
    pulls, broken, whole = SharedPulls(), Reporting(OSError("away")), Reporting()
    with pytest.raises(OSError, match="away"):
        await pulls.get("here", broken.ask)
    assert (await pulls.get("here", whole.ask))["number"] == 1
