"""Organisations by name, for forms: suggestions while typing, and the id behind an exact name."""

import asyncio
from collections.abc import Iterable
from typing import Any

from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page

SUGGESTIONS = 20


async def suggestions(page: Page, typed: str) -> list[dict[str, Any]]:  # Any: views
    """Organisations this reader may see that match what is typed so far."""
    params = {"kind": "organisation", "page_size": str(SUGGESTIONS), "sort": "title"}
    found = await attempt(page.get("/records", params | ({"q": typed} if typed else {})))
    return [] if isinstance(found, Failed) else list(found["items"])


async def ids_by_name(page: Page, typed: Iterable[str]) -> dict[str, str]:
    """The id of the one organisation called exactly so; several or none leave the name out."""
    names = sorted({name for name in typed if name})
    found = await asyncio.gather(*(_exactly(page, name) for name in names))
    return {name: ids[0] for name, ids in zip(names, found, strict=True) if len(ids) == 1}


async def _exactly(page: Page, name: str) -> list[str]:
    params = {"kind": "organisation", "q": name, "page_size": "50"}
    found = await page.get("/records", params)
    return [item["id"] for item in found["items"] if name in _names(item)]


def _names(item: dict[str, object]) -> set[str]:
    title, short = item["title"], item.get("short_name")
    return {str(one["text"]) for one in (title, short) if isinstance(one, dict)}
