"""The board of commitments: each column is one query, so that its count and its list are the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from services.gateway.web.lists import filters
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View

COLUMN_LENGTH, CLOSED_LENGTH = 8, 6
WEEK_DAYS = 7
OPEN = "open"
# What a column asks for itself; with one of these in the address the page is a list, not the board.
OF_COLUMNS = ("status", "overdue", "from", "to", "dated")
OF_BOARD = ("q", "type", "party")
CLOSED = ("kept", "broken")


@dataclass(frozen=True, slots=True)
class Column:
    """`href`: the list of exactly what `count` counts; `items` are the first of it."""

    key: str
    href: str
    count: int
    items: list[View]

    @property
    def more(self) -> int:
        return max(self.count - len(self.items), 0)


@dataclass(frozen=True, slots=True)
class Board:
    columns: list[Column]
    names: Mapping[str, View]

    @property
    def is_empty(self) -> bool:
        return not any(column.count for column in self.columns)


def is_list(page: Page) -> bool:
    asked = page.request.query_params
    return asked.get("view") == "table" or any(asked.get(name) for name in OF_COLUMNS)


async def board(page: Page) -> Board | Failed:
    """All columns for the filters of the address."""
    return await attempt(_fetched(page))


async def _fetched(page: Page) -> Board:
    common = {name: value for name, value in filters(page).items() if name in OF_BOARD}
    asked = columns(page.moment.date())
    found = await asyncio.gather(*(_column(page, key, own | common) for key, own in asked.items()))
    shown = [view for column in found for view in column.items]
    return Board(list(found), await names_for(page, shown))


def columns(today: date) -> dict[str, dict[str, str]]:
    """The query of each column, on this day of UTC. What is overdue but not yet said to be is due today."""
    week = today + timedelta(days=WEEK_DAYS)
    tomorrow, after = today + timedelta(days=1), week + timedelta(days=1)
    waiting = {"status": OPEN, "overdue": "false"}
    return {
        "overdue": {"status": OPEN, "overdue": "true"},
        "today": waiting | {"to": today.isoformat()},
        "week": waiting | {"from": tomorrow.isoformat(), "to": week.isoformat()},
        "later": waiting | {"from": after.isoformat()},
        "undated": waiting | {"dated": "false"},
        "kept": {"status": "kept"},
        "broken": {"status": "broken"},
    }


async def _column(page: Page, key: str, query: dict[str, str]) -> Column:
    sort, length = ("-updated_at", CLOSED_LENGTH) if key in CLOSED else ("starts_at", COLUMN_LENGTH)
    how = {"kind": "commitment", "sort": sort, "page_size": str(length), "count": "true"}
    answer: dict[str, Any] = await page.get("/records", query | how)  # Any: JSON
    href = "/commitments?" + urlencode({"view": "table", **query, "sort": sort})
    return Column(key, href, answer["count"], answer["items"])
