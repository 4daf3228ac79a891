"""One commitment: what was promised, what became of it, what proves it, and what may be done next."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.extracts_to_check import changed_sources
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key, steps_for
from services.gateway.web.words import N_
from shared.errors import NotFoundError
from shared.ids import Kind, RecordId
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PLAIN_STEPS = ("accept",)


@router.get("/commitments/{record_id}")
async def commitment(page: Reader, record_id: str) -> Response:
    return page.html("commitment.html", await commitment_context(page, record_id))


@router.get("/parts/commitments/{record_id}")
async def commitment_part(page: Reader, record_id: str) -> Response:
    return page.part("commitment_panels.html", await commitment_context(page, record_id))


async def commitment_context(page: Page, record_id: str) -> dict[str, Any]:
    # Any: what a template shows
    """Raises NotFoundError when it is absent, hidden or no commitment."""
    check_commitment(record_id)
    view, history, edges = await asyncio.gather(
        page.get(f"/records/{record_id}"),
        attempt(page.get(f"/records/{record_id}/history")),
        attempt(page.get(f"/records/{record_id}/edges")),
    )
    attached = [] if isinstance(edges, Failed) else attached_to(record_id, edges["items"])
    names = await names_for(page, [view], attached)
    return {
        "changed_sources": await changed_sources(page, view),
        "title": view["title"]["text"] or page.translated(N_("(erased)")),
        "tab": "history" if page.request.query_params.get("tab") == "history" else "record",
        "view": view,
        "attachments": [names[id_] for id_ in attached if id_ in names],
        "history": history,
        "names": names,
        "steps": steps_for(page.session.principal, view, page.dashboard.policy),
        "keys": {step: new_key() for step in PLAIN_STEPS},
        "may_attach": _may_attach(page, view),
        "attach_key": new_key(),
        "base": "/commitments",
        "kind": Kind.COMMITMENT.value,
    }


def _may_attach(page: Page, view: View) -> bool:
    principal = page.session.principal
    owns = view["owner"] == str(principal.organisation)
    return owns and allowed(principal.roles, Action.CREATE, Kind.ATTACHMENT)


def check_commitment(record_id: str) -> None:
    """Raises NotFoundError for what is no commitment's id."""
    try:
        kind = RecordId.parse(record_id).kind
    except ValueError:
        raise NotFoundError from None
    if kind is not Kind.COMMITMENT:
        raise NotFoundError


def attached_to(record_id: str, edges: list[View]) -> list[str]:
    """Ids of files that belong to it or prove it, each once."""
    found = [
        edge["from"] if edge["to"] == record_id else edge["to"]
        for edge in edges
        if edge["kind"] in ("attached_to", "evidence")
    ]
    return list(dict.fromkeys(found))
