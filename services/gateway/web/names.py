"""Names of the records a page refers to: one look-up for all of them, each under its own label."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page

LIMIT = 500
SINGLE = (
    "affiliation", "parent_id", "owner", "engagement_id", "organisation_id", "place_id", "merged_into",
)  # fmt: skip
PARTY = ("organisation_id", "person_id", "post_id")
# What a district may be in a gazetteer.
DISTRICTS = "admin1,admin2"
View = dict[str, Any]  # Any: parsed JSON


async def names_for(
    page: Page, views: Iterable[View], also: Iterable[str] = ()
) -> Mapping[str, View]:
    """Readable records by id, and districts by p-code. One that is hidden or gone is simply not there."""
    shown = list(views)
    wanted = sorted({*also, *(id_ for view in shown for id_ in referred(view))})[:LIMIT]
    codes = sorted({code for view in shown if (code := _district(view))})
    named, districts = await asyncio.gather(
        _found(page, wanted, {"ids": ",".join(wanted)}),
        _found(page, codes, {"kind": "place", "type": DISTRICTS}),
    )
    by_code = {one["pcode"]: one for one in districts if one["pcode"] in codes}
    return {one["id"]: one for one in named} | by_code


async def _found(page: Page, wanted: Sequence[str], query: Mapping[str, str]) -> list[View]:
    """Nothing where nothing is wanted, or where it cannot be had."""
    if not wanted:
        return []
    found = await attempt(page.get("/records", {**query, "page_size": str(LIMIT)}))
    return [] if isinstance(found, Failed) else list(found["items"])


def _district(view: View) -> str | None:
    """The p-code of the district, where that is all that is told of the place."""
    told = (view.get("place") or {}).get("area") if "place" in (view.get("coarse") or {}) else None
    return str(told) if told else None


def referred(view: View) -> list[str]:
    """Ids of records that `view` names."""
    place = (view.get("place") or {}).get("place_id")
    single = [view.get(name) for name in SINGLE]
    return [id_ for id_ in (*single, place, *_parties(view), *_people(view)) if id_]


def _parties(view: View) -> list[str | None]:
    """Who was met, who owes whom, and where somebody belongs."""
    told = [*(view.get("participants") or ()), view.get("by") or {}, view.get("to") or {}]
    ids = [one.get(name) for one in told for name in PARTY]
    return [*ids, *(tie["organisation_id"] for tie in view.get("ties") or ())]


def _people(view: View) -> list[str | None]:
    """Those whom the identity group tells, to readers of it."""
    identity = view.get("identity") or {}
    linked = [one.get("linked_to") for one in identity.get("people") or ()]
    return [*linked, *(one["person_id"] for one in identity.get("holders") or ())]
