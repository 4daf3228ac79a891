"""Lists: the address is the state. Filters come from it, go to reporting, and are shown as chips."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.web import words, words_work
from services.gateway.web.contact_rows import rows_beside
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page
from services.gateway.web.relative_times import absolute
from services.gateway.web.steps import new_key
from shared.ids import Kind
from shared.roles import Action, allowed

PAGE_SIZE = 50
PLURALS: Mapping[Kind, str] = {
    Kind.ENGAGEMENT: "engagements",
    Kind.ORGANISATION: "organisations",
    Kind.PLACE: "places",
    Kind.COMMITMENT: "commitments",
    Kind.PERSON: "people",
    Kind.POST: "posts",
}
FILTERS = (
    "q", "status", "type", "area", "party", "from", "to", "placed", "dated", "overdue", "review_by",
    "owner", "release_waits", "source_changed",
)  # fmt: skip
SORTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ENGAGEMENT: ("-starts_at", "starts_at", "-updated_at"),
    Kind.ORGANISATION: ("title", "-updated_at"),
    Kind.PLACE: ("title", "-updated_at"),
    Kind.COMMITMENT: ("starts_at", "-starts_at", "-updated_at"),
    Kind.PERSON: ("title", "-updated_at"),
    Kind.POST: ("title", "-updated_at"),
}

IN_AREAS = (Kind.ENGAGEMENT, Kind.PLACE, Kind.POST)
# What a list can be narrowed by as `type`; nothing where all are of one type.
TYPES: Mapping[Kind, tuple[str, Mapping[str, str]]] = {
    Kind.ENGAGEMENT: ("engagement_type", words.ENGAGEMENT_TYPE),
    Kind.ORGANISATION: ("organisation_kind", words.ORGANISATION_KIND),
    Kind.PLACE: ("place_level", words.PLACE_LEVEL),
    Kind.COMMITMENT: ("direction", words_work.DIRECTION),
    Kind.PERSON: ("kind", {}),
    Kind.POST: ("kind", {}),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, and the way to the next."""

    items: list[dict[str, Any]]  # Any: views
    names: Mapping[str, dict[str, Any]]  # Any: views of records the items refer to
    count: int | None
    next_cursor: str | None


def filters(page: Page) -> dict[str, str]:
    """The filters of the address that say something, cut to a sane length."""
    query = page.request.query_params
    return {key: query[key].strip()[:200] for key in FILTERS if query.get(key, "").strip()}


async def listing(page: Page, kind: Kind | None) -> Listing | Failed:
    """What the address asks for, of one kind or of all."""
    return await attempt(_fetched(page, kind))


async def _fetched(page: Page, kind: Kind | None) -> Listing:
    answer = await page.get("/records", _params(page, kind))
    items = answer["items"]
    after = answer.get("next")
    return Listing(
        items,
        await names_for(page, items),
        answer.get("count"),
        _cursor(after) if after else None,
    )


def _params(page: Page, kind: Kind | None) -> dict[str, str]:
    params = absolute(filters(page)) | {"page_size": str(PAGE_SIZE), "count": "true"}
    if kind is not None:
        params |= {"kind": kind.value, "sort": sort(page, kind)}
    after = _after(page.request.query_params.get("cursor", ""))
    return params | ({"after": after} if after else {})


def sort(page: Page, kind: Kind) -> str:
    wished = page.request.query_params.get("sort", "")
    return wished if wished in SORTS[kind] else SORTS[kind][0]


def _cursor(after: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(after)).decode().rstrip("=")


def _after(cursor: str) -> str:
    """The position as reporting wants it; empty for a cursor we did not make."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def areas(page: Page) -> list[dict[str, Any]]:  # Any: views
    """Places to filter by: the states of the mission's area; none when reporting does not answer."""
    found = await attempt(
        page.get("/records", {"kind": "place", "type": "admin1", "page_size": "50"})
    )
    items = [] if isinstance(found, Failed) else found["items"]
    inside = page.dashboard.policy.area
    return sorted(
        (item for item in items if str(item.get("pcode") or "").startswith(inside)),
        key=lambda item: str(item["title"]["text"]),
    )


async def list_context(page: Page, kind: Kind) -> dict[str, Any]:  # Any: what a template shows
    """Everything a list page shows."""
    found, states = await asyncio.gather(listing(page, kind), _areas_of(page, kind))
    chosen = filters(page)
    party = await names_for(page, [], [chosen["party"]]) if "party" in chosen else {}
    items = [] if isinstance(found, Failed) else found.items
    return {
        **await rows_beside(page, kind, items),
        "may_add": allowed(page.session.principal.roles, Action.CREATE, kind),
        "kind": kind.value,
        "base": f"/{PLURALS[kind]}",
        "listing": found,
        "filters": chosen,
        "party": party.get(chosen.get("party", "")),
        "areas": states,
        "sort": sort(page, kind),
        "export_key": new_key(),
        "types": tuple(TYPES[kind][1]),
        "family": TYPES[kind][0],
    }


async def _areas_of(page: Page, kind: Kind) -> list[dict[str, Any]]:  # Any: views
    return await areas(page) if kind in IN_AREAS else []
