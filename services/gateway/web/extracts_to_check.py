"""Extracts whose source has changed since they were made: told to whoever has to see whether they hold."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page, View
from shared.ids import Kind
from shared.principal import Principal
from shared.roles import Action, allowed, allowed_somewhere

Told = Mapping[str, Any]  # Any: JSON


def may_check(principal: Principal, view: View) -> bool:
    """Of a source, even when what it held was removed."""
    owns = view["owner"] == str(principal.organisation)
    return owns and allowed(principal.roles, Action.RELABEL, Kind(view["kind"]))


async def extracts_to_check(page: Page) -> Told:
    """How many there are of the reader's organisation, and the address that lists them."""
    principal = page.session.principal
    if page.session.viewing or not allowed_somewhere(principal.roles, Action.RELABEL):
        return {"count": 0}
    which = {"source_changed": "true", "owner": str(principal.organisation)}
    found = await page.get("/records", {**which, "count": "true", "page_size": "1"})
    return {"count": found["count"], "href": f"/search?{urlencode(which)}"}


async def changed_sources(page: Page, view: View) -> Sequence[str]:
    """The records that `view` is an extract of, if they have changed since; for its own organisation."""
    if page.session.viewing or not may_check(page.session.principal, view):
        return ()
    told = await attempt(page.get(f"/records/{view['id']}/extracts"))
    return () if isinstance(told, Failed) else [o["id"] for o in told["of"] if o["source_changed"]]
