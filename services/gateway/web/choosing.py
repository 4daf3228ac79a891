"""Choosing a record by typing part of a name: what to offer, and the record behind an exact name."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View
from shared.errors import AppError

LIMIT = 8
PEOPLE = "person,organisation,post"
PLACES = "place"


@dataclass(frozen=True, slots=True)
class Choice:
    """`matched`: the spelling that fits what was typed, when it is not the name itself."""

    view: View
    matched: str


async def choices(page: Page, typed: str, kinds: str, limit: int = LIMIT) -> list[Choice]:
    """Best first; under any spelling where reporting offers that, else by the words of the record."""
    asked = {"q": typed, "kind": kinds, "limit": str(limit)}
    found = await _quietly(page, "/suggest", asked)
    if found is None:
        plain = {"q": typed, "kind": kinds, "page_size": str(limit)}
        items = (await _quietly(page, "/records", plain) or {}).get("items", [])
        return [Choice(view, "") for view in items]
    matched = {str(item["id"]): str(item.get("matched") or "") for item in found["items"]}
    views = await names_for(page, [], matched)
    return [Choice(views[id_], matched[id_]) for id_ in matched if id_ in views]


async def ids_called(page: Page, typed: Iterable[str], kinds: str = PEOPLE) -> dict[str, str]:
    """The id of the one record called exactly so; several or none leave the name out."""
    names = sorted({name for name in typed if name})
    found = await asyncio.gather(*(_called(page, name, kinds) for name in names))
    return {name: ids[0] for name, ids in zip(names, found, strict=True) if len(ids) == 1}


def names_of(view: View) -> set[str]:
    """All a reader may call it, in lower case."""
    identity = view.get("identity") or {}
    told = [view.get("title"), view.get("name"), view.get("short_name"), identity.get("name")]
    return {str(one["text"]).lower() for one in told if one and one.get("text")}


async def _called(page: Page, name: str, kinds: str) -> list[str]:
    found = await page.get("/records", {"kind": kinds, "q": name, "page_size": "50"})
    return [item["id"] for item in found["items"] if name.lower() in names_of(item)]


async def _quietly(page: Page, path: str, params: dict[str, str]) -> View | None:
    """None when it cannot be had: a form is filled in without suggestions as well."""
    try:
        return await page.get(path, params)
    except AppError:
        return None
