"""One's own password and sessions. What is changed there is changed by the gateway, not here."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.web import words_password
from services.gateway.web.loading import attempt
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_

router = APIRouter(route_class=PageRoute, include_in_schema=False)
SHORTEST = 15


@router.get("/password")
async def password(page: Reader) -> Response:
    said = page.request.query_params
    shown = {
        "title": page.translated(N_("Password and sessions")),
        "shortest": SHORTEST,
        "wrong": _known(said.get("wrong", ""), words_password.WRONG),
        "unended": _known(said.get("unended", ""), words_password.WRONG),
        "done": _known(said.get("done", ""), words_password.DONE),
        "lasting": await attempt(_sessions(page)),
    }
    return page.html("password.html", shown)


async def _sessions(page: Page) -> list[object]:
    return list(await page.dashboard.sessions(page.request, page.session.principal))


def _known(code: str, words: dict[str, str]) -> str:
    """What stands in an address is shown only when it is one of ours."""
    return code if code in words else ""
