"""What stands on a contact's page beside the record itself: meetings, promises, posts, mergers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web import holdings
from services.gateway.web.contact_steps import contact_steps, may_read_private
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View
from services.gateway.web.promise_strip import promise_strips
from shared.clock import utc_now
from shared.ids import Kind

TOOK_PLACE = "held,debriefed,closed"
TO_COME = "proposed,planned,approved,confirmed"
MEETINGS_SHOWN = 5
LISTED = 200
Shown = dict[str, Any]  # Any: what a template shows


@dataclass(frozen=True, slots=True)
class Meetings:
    """`past`: the last ones, newest first; `count` is of all past ones that this reader may see."""

    past: list[View]
    count: int
    planned: list[View]


async def beside(page: Page, kind: Kind, view: View) -> Shown:
    """What the page of a contact needs beyond `view`, with the names of all that is referred to."""
    found = await _OF_KIND[kind](page, view) if kind in _OF_KIND else {}
    posts, people = (listed(found.get(name)) for name in ("posts", "people_tied"))
    return found | {
        "posts_by_id": {post["id"]: post for post in posts},
        "names": await names_for(page, [view, *posts, *people]),
        "contact_steps": contact_steps(page.session.principal, view),
        "may_read_private": may_read_private(page.session.principal, view),
        "today": utc_now().date().isoformat(),
    }


def listed(found: list[View] | Failed | None) -> list[View]:
    """What there is of it when its service did not answer: nothing."""
    return [] if found is None or isinstance(found, Failed) else found


async def _person(page: Page, view: View) -> Shown:
    found = await _of_party(page, Kind.PERSON, view)
    same = {str(view["id"]), *(one["id"] for one in listed(found["merged"]))}
    return found | _over_time(holdings.of_person(listed(found["posts"]), same))


async def _organisation(page: Page, view: View) -> Shown:
    params = {"kind": "person", "party": str(view["id"]), "sort": "title"}
    found, people = await asyncio.gather(
        _of_party(page, Kind.ORGANISATION, view), attempt(_listed(page, params))
    )
    return found | {"people_tied": people, "held_now": held_now(listed(found["posts"]))}


async def _post(page: Page, view: View) -> Shown:
    return _over_time(holdings.of_post(view))


_OF_KIND: Mapping[Kind, Callable[[Page, View], Awaitable[Shown]]] = {
    Kind.PERSON: _person,
    Kind.POST: _post,
    Kind.ORGANISATION: _organisation,
}


async def _of_party(page: Page, kind: Kind, view: View) -> Shown:
    party = str(view["id"])
    merged = {"kind": kind.value, "party": party, "status": "merged"}
    found = await asyncio.gather(
        attempt(_meetings(page, party)),
        attempt(promise_strips(page, party)),
        attempt(_listed(page, merged)),
        attempt(_listed(page, {"kind": "post", "party": party, "sort": "title"})),
    )
    return dict(zip(("meetings", "strips", "merged", "posts"), found, strict=True))


async def _meetings(page: Page, party: str) -> Meetings:
    asked = {"kind": "engagement", "party": party, "page_size": str(MEETINGS_SHOWN)}
    past, planned = await asyncio.gather(
        page.get("/records", asked | {"status": TOOK_PLACE, "sort": "-starts_at", "count": "true"}),
        page.get("/records", asked | {"status": TO_COME, "sort": "starts_at"}),
    )
    return Meetings(past["items"], past["count"], planned["items"])


async def _listed(page: Page, params: Mapping[str, str]) -> list[View]:
    answer = await page.get("/records", {**params, "page_size": str(LISTED)})
    found: list[View] = answer["items"]
    return found


def held_now(posts: list[View]) -> dict[str, list[holdings.Holding]]:
    """Who holds each post today, by its id."""
    today = utc_now().date()
    return {post["id"]: holdings.now(holdings.of_post(post), today) for post in posts}


def _over_time(held: list[holdings.Holding]) -> Shown:
    today = utc_now().date()
    shown = holdings.with_gaps(held, today)
    return {"held": shown, "bars": holdings.bars(shown, today)}
