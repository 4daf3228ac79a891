"""What became of the promises between us and somebody: each number is the length of the list it links to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from services.gateway.web.page import Page

DIRECTIONS = ("by_us", "to_us")
# Each promise counts once: what is overdue is not also open.
OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "kept": {"status": "kept"},
    "broken": {"status": "broken"},
    "open": {"status": "open", "overdue": "false"},
    "overdue": {"status": "open", "overdue": "true"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    key: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One direction: what we owe, or what is owed to us."""

    direction: str
    outcomes: list[Outcome]

    @property
    def total(self) -> int:
        return sum(one.count for one in self.outcomes)


async def promise_strips(page: Page, party: str) -> list[Strip]:
    """Both directions, of those this reader may see. Raises AppError."""
    return list(await asyncio.gather(*(_strip(page, party, one) for one in DIRECTIONS)))


async def _strip(page: Page, party: str, direction: str) -> Strip:
    asked = [_outcome(page, party, direction, key) for key in OUTCOMES]
    return Strip(direction, list(await asyncio.gather(*asked)))


async def _outcome(page: Page, party: str, direction: str, key: str) -> Outcome:
    query = {"type": direction, **OUTCOMES[key], "party": party}
    how = {"kind": "commitment", "count": "true", "page_size": "1"}
    answer = await page.get("/records", query | how)
    return Outcome(key, answer["count"], "/commitments?" + urlencode({"view": "table", **query}))
