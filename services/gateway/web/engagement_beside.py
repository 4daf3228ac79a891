"""What stands on an engagement's page beside the record: promises made at it, and others' plans like it."""

from typing import Any

from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View
from shared.errors import AppError

TO_COME = ("proposed", "planned", "approved", "confirmed")


async def engagement_beside(page: Page, view: View) -> dict[str, Any]:  # Any: what a template shows
    promises = await _promises(page, str(view["id"]))
    overlaps = await _overlaps(page, view)
    parties = [id_ for one in overlaps for id_ in one["parties"]]
    return {
        "promises": promises,
        "overlaps": overlaps,
        "around": {**await names_for(page, [*promises, *overlaps], parties), str(view["id"]): view},
    }


async def _promises(page: Page, record_id: str) -> list[View]:
    """Oldest due first; those that have no date last."""
    edges = await _items(page, f"/records/{record_id}/edges", {})
    ids = [edge["from"] for edge in edges if edge["kind"] == "given_at" and edge["to"] == record_id]
    found = (await names_for(page, [], ids)).values()
    return sorted(found, key=lambda one: str(one.get("due_at") or "9"))


async def _overlaps(page: Page, view: View) -> list[View]:
    """Plans of other organisations to meet the same about then, as far as this reader may see them."""
    owns = view["owner"] == str(page.session.principal.organisation)
    others = [one for one in view.get("participants") or () if one["side"] != "ours"]
    parties = [id_ for one in others if (id_ := one.get("organisation_id") or one.get("person_id"))]
    if not owns or not parties or view["status"] not in TO_COME:
        return []
    times = {name: view[name] for name in ("starts_at", "ends_at") if view.get(name)}
    asked = {"parties": ",".join(parties), "besides": str(view["id"])}
    return await _items(page, "/engagements/overlaps", asked | times)


async def _items(page: Page, path: str, params: dict[str, str]) -> list[View]:
    """None when it cannot be had: the record itself is shown all the same."""
    try:
        return list((await page.get(path, params))["items"])
    except AppError:
        return []
