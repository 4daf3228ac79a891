"""Access, for those who administer it: who is let in, to what, until when, and what was done about it.

It shows access records only. Whoever administers access reads no content by it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import words_access
from services.gateway.web.access_history import with_changes
from services.gateway.web.access_standing import is_own, live, reaches, standing, steps
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.contracts.event import Group
from shared.errors import NotFoundError
from shared.ids import Kind
from shared.roles import administers

router = APIRouter(route_class=PageRoute, include_in_schema=False)
KINDS: Mapping[str, Kind] = {
    "people": Kind.ACCOUNT,
    "clients": Kind.CLIENT,
    "partners": Kind.PARTNER,
}
FILTERS: Mapping[str, tuple[str, ...]] = {
    "people": ("q", "organisation", "level", "standing", "holds", "expiring"),
    "clients": ("q", "organisation", "level", "standing", "holds", "expiring", "account"),
    "partners": ("q", "level", "standing"),
}
SOON = timedelta(days=14)
Shown = dict[str, Any]  # Any: what a template shows


@router.get("/access")
async def access(page: Reader) -> Response:
    check_administers(page)
    return RedirectResponse("/access/people", 307)


@router.get("/access/{plural}")
async def listed(page: Reader, plural: str) -> Response:
    check_administers(page)
    return page.html("access_list.html", await _list_context(page, plural))


@router.get("/access/{plural}/{record_id}")
async def record(page: Reader, plural: str, record_id: str) -> Response:
    check_administers(page)
    view = await view_of(page, plural, record_id)
    history, beside, viewings, partners = await asyncio.gather(
        attempt(page.dashboard.access.history(page.session.principal, plural, record_id)),
        attempt(_beside(page, plural, view)),
        attempt(_viewings(page, view)),
        partner_names(page),
    )
    now, subject = page.moment, page.session.principal.subject
    shown = access_context(page, plural, view) | {
        "title": called(view),
        "standing": standing(plural, view, now),
        "steps": steps(plural, view, subject),
        "own": is_own(view, subject),
        "reaches": reaches(page.dashboard.policy, view),
        "held": {kind: live(view.get("grants", ()), kind, now) for kind in words_access.GRANT},
        "soon": now + SOON,
        "beside": beside,
        "viewings": viewings,
        "partners": partners,
        "history": history if isinstance(history, Failed) else with_changes(history["items"]),
        "authors": {} if isinstance(history, Failed) else history["names"],
    }
    return page.html("access_record.html", shown)


def check_administers(page: Page) -> None:
    """Raises NotFoundError for everybody else, as for any address that is not there."""
    if not administers(page.session.principal.roles):
        raise NotFoundError


async def view_of(page: Page, plural: str, record_id: str) -> View:
    """Raises NotFoundError when there is no such record."""
    return dict(await page.dashboard.access.one(page.session.principal, plural, record_id))


async def partner_names(page: Page) -> Mapping[str, str]:
    """Empty when they cannot be had just now."""
    found = await attempt(page.dashboard.access.partner_names(page.session.principal))
    return {} if isinstance(found, Failed) else found


def access_context(page: Page, plural: str, view: View | None = None) -> Shown:
    """What every page of access shows; its banner is the label that access records have."""
    policy, own = page.dashboard.policy, page.session.principal.organisation
    label = policy.default(KINDS[plural], Group.BASE, own)
    return {
        "plural": plural,
        "view": view,
        "label": policy.wire(label, own),
        "level_names": {level.id: level.name for level in policy.levels},
        "names": {
            "role": {str(role): name for role, name in policy.roles.items()},
            "community": policy.communities,
            "caveat": policy.caveats,
        },
    }


def called(view: View) -> str:
    return str(view.get("display_name") or view.get("name"))


async def _list_context(page: Page, plural: str) -> Shown:
    if plural not in KINDS:
        raise NotFoundError
    query, now = page.request.query_params, utc_now()
    filters = {n: query[n].strip()[:200] for n in FILTERS[plural] if query.get(n, "").strip()}
    office, who = page.dashboard.access, page.session.principal
    found, partners = await asyncio.gather(
        attempt(office.found(who, plural, filters, query.get("cursor", ""))), partner_names(page)
    )
    rows = [] if isinstance(found, Failed) else found["items"]
    return access_context(page, plural) | {
        "title": page.translated(N_("Access")),
        "base": f"/access/{plural}",
        "listing": found,
        "filters": filters,
        "partners": partners,
        "standings": {row["id"]: standing(plural, row, now) for row in rows},
        "reached": {row["id"]: reaches(page.dashboard.policy, row) for row in rows},
        "live": {row["id"]: {kind: live(row.get("grants", ()), kind, now)
                             for kind in words_access.GRANT} for row in rows},
        "expiring": words_access.EXPIRING,
    }  # fmt: skip


async def _viewings(page: Page, view: View) -> Sequence[Mapping[str, Any]]:  # Any: JSON
    """As whom a person looked; of a machine there is none, and an organisation's are its people's."""
    if "username" not in view:
        return []
    return await page.dashboard.viewings.of_person(page.session.principal, view["account_id"])


async def _beside(page: Page, plural: str, view: View) -> Mapping[str, Any]:  # Any: JSON
    """What stands and falls with it: of a person the machine clients, of an organisation the people."""
    office, who = page.dashboard.access, page.session.principal
    match plural:
        case "people":
            return await office.found(who, "clients", {"account": view["account_id"]}, "")
        case "partners":
            wanted = {"organisation": view["organisation_id"]}
            return await office.found(who, "people", wanted, "")
        case _:
            return {"items": []}
