"""Why this reader sees a record; and for its owner, who else may, and who has."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.called import called
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_records import kind_of
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_

router = APIRouter(route_class=PageRoute, include_in_schema=False)
CURSOR = "cursor"
ORGANISATION = "org:"


@router.get("/records/{record_id}/access")
async def access(page: Reader, record_id: str) -> Response:
    """Raises NotFoundError when the record is absent or hidden."""
    kind = kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    owns = view["owner"] == str(page.session.principal.organisation)
    explained, seen = await asyncio.gather(
        attempt(page.dashboard.oversight.explained(page.session.principal, view)),
        attempt(_seen(page, view) if owns else _nothing()),
    )
    shown = {
        "title": called(view)["text"] or page.translated(N_("(erased)")),
        "view": view,
        "tab": "access",
        "base": f"/{PLURALS[kind]}",
        "owns": owns,
        "explained": explained,
        "readings": seen,
        "emergency_offered": page.dashboard.emergencies.offered(page.session.principal),
        "names": await names_for(page, [view], _mentioned(explained, seen)),
    }
    return page.html("record_access.html", shown)


async def _seen(page: Page, view: View) -> Mapping[str, Any]:  # Any: JSON
    cursor = page.request.query_params.get(CURSOR)
    return await page.dashboard.oversight.seen_by(page.session.principal, view, cursor)


async def _nothing() -> Mapping[str, Any]:  # Any: JSON
    return {"items": []}


def _mentioned(*told: Mapping[str, Any] | Failed) -> Iterable[str]:  # Any: JSON
    """Organisations that are named in what was found."""
    for one in told:
        if isinstance(one, Failed):
            continue
        yield from (entry["organisation"] for entry in one.get("items", ()))
        yield from _named(entry.get("viewed_as") or "" for entry in one.get("items", ()))
        for portion in one.get("portions", ()):
            yield from (each["organisation"] for each in portion["readers"] or ())
            yield from _named(word for why in portion["because"] for word in why["needed"])


def _named(audiences: Iterable[str]) -> Iterable[str]:
    return (one.removeprefix(ORGANISATION) for one in audiences if one.startswith(ORGANISATION))
