"""How somebody signs in, for himself: the passkeys of his devices, and where they work."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.forms import KEY_FIELD, submitted
from services.gateway.web.loading import attempt
from services.gateway.web.page import Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import InvalidError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PLACE = "/account"
NAME_LETTERS = 80


@router.get(PLACE)
async def account(page: Reader) -> Response:
    passkeys = page.dashboard.passkeys
    shown = {
        "title": page.translated(N_("Passkeys")),
        "own": await attempt(passkeys.own(page.session)),
        "passkeys_offered": passkeys.offered_at(page.request),
        "passkeys_at": passkeys.address,
        "provider": page.dashboard.provider,
        "key": new_key(),
        "letters": NAME_LETTERS,
    }
    return page.html("account.html", shown)


@router.post(f"{PLACE}/passkeys/{{passkey_id}}/rename")
async def rename(page: Reader, passkey_id: str) -> Response:
    form = await submitted(page)
    name = form["name"]
    if not 0 < len(name) <= NAME_LETTERS:
        raise InvalidError("Give it a name of at most 80 letters.")
    await page.dashboard.passkeys.rename(page.session, form[KEY_FIELD], passkey_id, name)
    return _there()


@router.post(f"{PLACE}/passkeys/{{passkey_id}}/remove")
async def remove(page: Reader, passkey_id: str) -> Response:
    form = await submitted(page)
    await page.dashboard.passkeys.remove(page.session, form[KEY_FIELD], passkey_id)
    return _there()


def _there() -> Response:
    return RedirectResponse(PLACE, 303)
