"""Opening emergency access: why, what, for how long, and in plain words what will happen."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader
from services.gateway.web.page_sign_in import local
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
MINUTES = ("30", "60", "120", "240")
FIELDS = ("caveats", "minutes", "reason")
NEEDED = N_("This is needed.")
SIGN_IN_AGAIN = "sign_in_again"


@router.get("/emergency")
async def ask(page: Reader) -> Response:
    """Whoever has it open already is shown that."""
    if page.session.emergency:
        return RedirectResponse(f"/emergencies/{page.session.emergency.id}", 303)
    values = {KEY_FIELD: new_key(), "minutes": MINUTES[1]}
    return _page(page, Form(values | {"next": page.request.query_params.get("next", "/")}))


@router.post("/emergency")
async def open_it(page: Reader) -> Response:
    form = await submitted(page, ("caveats",))
    for name, given in (("caveats", form.many["caveats"]), ("reason", form["reason"])):
        if not given:
            form.add(FieldError(f"/{name}", "missing", NEEDED), name)
    if form.errors:
        return _page(page, form, UNPROCESSABLE)
    minutes = int(form["minutes"]) if form["minutes"] in MINUTES else None
    asked = (form.many["caveats"], minutes, form["reason"])
    try:
        await page.dashboard.emergencies.open(page.session, form[KEY_FIELD], *asked)
    except AppError as error:
        if error.code != SIGN_IN_AGAIN:
            place_errors(form, error, _field)
        return _page(page, form, UNPROCESSABLE)
    return RedirectResponse(form["next"] if local(form["next"]) else "/", 303)


def _field(pointer: str) -> str:
    name = pointer.strip("/").split("/")[0]
    return name if name in FIELDS else GENERAL


def _page(page: Page, form: Form, status: int = 200) -> Response:
    """Raises ForbiddenError where the mission does not offer it."""
    may = page.dashboard.emergencies.may_open(page.session)
    shown = {
        "title": page.translated(N_("Open emergency access")),
        "form": form,
        "may": may,
        "minutes": MINUTES,
        "next": form["next"] if local(form["next"]) else "/",
        "provider": page.dashboard.provider,
        "passkeys_offered": page.dashboard.passkeys.offered_at(page.request),
    }
    return page.html("emergency.html", shown, status)
