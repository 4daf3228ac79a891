"""The sign-in form. Who is let in is decided by the gateway's sessions, not here."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.page import Anyone
from services.gateway.web.routing import PageRoute
from services.gateway.web.words import N_

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/sign-in")
async def sign_in(page: Anyone) -> Response:
    query = page.request.query_params
    if not query.get("failed") and await page.dashboard.session(page.request):
        return RedirectResponse("/", 303)
    wanted = query.get("next", "/")
    shown = {
        "title": page.translated(N_("Sign in")),
        "why": query.get("failed", ""),
        "next": wanted if local(wanted) else "/",
        "username": "",
        "provider": page.dashboard.provider,
        "passkeys_offered": page.dashboard.passkeys.offered_at(page.request),
    }
    return page.html("sign_in.html", shown)


def local(address: str) -> bool:
    """Whether it is a path of this site: never another host, never a scheme."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))
