"""What the lists of people and posts show beside each row: posts held now, and when we last met."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web import holdings
from services.gateway.web.beside import TOOK_PLACE, held_now
from services.gateway.web.loading import attempt
from services.gateway.web.page import Page, View
from shared.clock import utc_now
from shared.ids import Kind

LOOKED_AT = "500"
Shown = dict[str, Any]  # Any: what a template shows


@dataclass(frozen=True, slots=True)
class LastContacts:
    """`met`: when, by the id of a person or organisation. Nothing older than `since` was looked at."""

    met: Mapping[str, str]
    since: str | None


async def rows_beside(page: Page, kind: Kind, items: list[View]) -> Shown:
    """Nothing for kinds whose rows speak for themselves."""
    match kind:
        case Kind.PERSON:
            return await _of_people(page, items)
        case Kind.POST:
            return {"held_now": held_now(items)}
        case Kind.ORGANISATION:
            return {"last": await attempt(_last_contacts(page, Kind.ORGANISATION))}
        case _:
            return {}


async def _of_people(page: Page, items: list[View]) -> Shown:
    last, posts = await asyncio.gather(
        attempt(_last_contacts(page, Kind.PERSON)), attempt(_posts_by_holder(page))
    )
    return {"last": last, "posts_held": posts}


async def _posts_by_holder(page: Page) -> Mapping[str, list[View]]:
    answer = await page.get(
        "/records", {"kind": "post", "status": "active", "page_size": LOOKED_AT}
    )
    found: dict[str, list[View]] = {}
    today = utc_now().date()
    for post in answer["items"]:
        for one in holdings.now(holdings.of_post(post), today):
            found.setdefault(str(one.person_id), []).append(post)
    return found


async def _last_contacts(page: Page, kind: Kind) -> LastContacts:
    asked = {"kind": "engagement", "status": TOOK_PLACE, "sort": "-starts_at"}
    fields = {"fields": "starts_at,participants,identity", "page_size": LOOKED_AT}
    answer, merged = await asyncio.gather(
        page.get("/records", asked | fields), _merged_into(page, kind)
    )
    met: dict[str, str] = {}
    for view in answer["items"]:
        for id_ in _with_targets(_met(view), merged):
            met.setdefault(id_, view["starts_at"])
    oldest = answer["items"][-1]["starts_at"] if answer.get("next") else None
    return LastContacts(met, oldest)


async def _merged_into(page: Page, kind: Kind) -> Mapping[str, str]:
    asked = {"kind": kind.value, "status": "merged", "page_size": LOOKED_AT}
    answer = await page.get("/records", asked | {"fields": "merged_into"})
    return {one["id"]: one["merged_into"] for one in answer["items"]}


def _met(view: View) -> Iterator[str]:
    for one in view.get("participants") or ():
        yield from filter(None, (one.get("organisation_id"), one.get("person_id")))
    for one in (view.get("identity") or {}).get("people") or ():
        if one.get("linked_to"):
            yield one["linked_to"]


def _with_targets(ids: Iterable[str], merged: Mapping[str, str]) -> Iterator[str]:
    """Each id, and those of the records it was merged into, step by step."""
    for id_ in ids:
        seen: set[str] = set()
        step: str | None = id_
        while step and step not in seen:
            seen.add(step)
            yield step
            step = merged.get(step)
