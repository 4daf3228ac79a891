"""Names of the records a page refers to: one look-up for all of them, each under its own label."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page

LIMIT = 200
View = dict[str, Any]  # Any: parsed JSON


async def names_for(
    page: Page, views: Iterable[View], also: Iterable[str] = ()
) -> Mapping[str, View]:
    """Readable records by id. One that is hidden or gone is simply not there."""
    wanted = sorted({*also, *(id_ for view in views for id_ in referred(view))})[:LIMIT]
    if not wanted:
        return {}
    found = await attempt(page.get("/records", {"ids": ",".join(wanted), "page_size": str(LIMIT)}))
    return {} if isinstance(found, Failed) else {item["id"]: item for item in found["items"]}


def referred(view: View) -> list[str]:
    """Ids of organisations and places that `view` names."""
    people = [one.get("organisation_id") for one in view.get("participants") or ()]
    place = (view.get("place") or {}).get("place_id")
    single = [view.get("affiliation"), view.get("parent_id"), view.get("owner"), place]
    return [id_ for id_ in (*people, *single) if id_]
