"""Commitments: the board, its twin as a table, and both again as parts for live changes."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web.commitments import board, is_list
from services.gateway.web.lists import filters, list_context
from services.gateway.web.loading import Failed
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_
from shared.errors import BusyError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/commitments")
async def commitments(page: Reader) -> Response:
    shown = await (list_context(page, Kind.COMMITMENT) if is_list(page) else _board(page))
    title = page.translated(N_("Commitments"))
    return page.html("commitments.html", shown | {"title": title, "is_list": is_list(page)})


@router.get("/parts/commitments")
async def board_part(page: Reader) -> Response:
    """Raises BusyError when the board cannot be had: the page keeps the one it shows."""
    shown = await _board(page)
    if isinstance(shown["board"], Failed):
        raise BusyError("The board cannot be read just now.")
    return page.part("commitments_board.html", shown)


async def _board(page: Page) -> dict[str, Any]:  # Any: what a template shows
    found, chosen = await board(page), filters(page)
    party = await names_for(page, [], [chosen["party"]]) if "party" in chosen else {}
    return {
        "board": found,
        "filters": chosen,
        "party": party.get(chosen.get("party", "")),
        "names": {} if isinstance(found, Failed) else found.names,
        "kind": Kind.COMMITMENT.value,
        "base": "/commitments",
    }
