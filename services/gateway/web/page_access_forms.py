"""Changing access: a form for each thing that can be ordered. Each says what will happen, and asks why."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import access_forms, words_access
from services.gateway.web.access_forms import OVERWRITING, body_of, find_field, find_granted
from services.gateway.web.access_standing import BESIDE, holds, may_take
from services.gateway.web.contact_values import Body, chosen
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_access import (
    KINDS,
    Shown,
    access_context,
    called,
    check_administers,
    partner_names,
    view_of,
)
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.errors import AppError, FieldError, NotFoundError, PreconditionError
from shared.roles import Role

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
GRANTING = frozenset({"grant", "revoke"})
Told = Mapping[str, Any]  # Any: JSON
# Everybody with an account holds it; it is not granted.
EVERYONE = "all"
SECRET_TITLES = {
    "reset_password": N_("The new password"),
    "add_secret": N_("The new secret"),
}


@router.get("/access/{plural}/new")
async def new(page: Reader, plural: str) -> Response:
    _check_family(page, plural)
    asked = page.request.query_params
    values = {
        KEY_FIELD: new_key(),
        "organisation": asked.get("organisation", ""),
        "account": asked.get("account", ""),
    }
    return await _new_page(page, plural, Form(values))


@router.post("/access/{plural}/new")
async def make(page: Reader, plural: str) -> Response:
    _check_family(page, plural)
    form = await submitted(page)
    body = await _new_body(page, plural, form)
    if not form.errors:
        try:
            made = await page.dashboard.access.make(
                page.session.principal, plural, body, form[KEY_FIELD]
            )
        except AppError as error:
            place_errors(form, error, find_field)
        else:
            return RedirectResponse(f"/access/{plural}/{made['id']}", 303)
    return await _new_page(page, plural, form, UNPROCESSABLE)


@router.get("/access/{plural}/{record_id}/{step}")
async def step_form(page: Reader, plural: str, record_id: str, step: str) -> Response:
    view = await _view(page, plural, record_id, step)
    values = access_forms.first_values(step, view, page.request.query_params)
    if step == "link_identity" and page.dashboard.provider:
        values = values | {"issuer": page.dashboard.provider.issuer}
    return await _step_page(page, plural, view, step, Form({KEY_FIELD: new_key()} | values))


@router.post("/access/{plural}/{record_id}/{step}")
async def take_step(page: Reader, plural: str, record_id: str, step: str) -> Response:
    view = await _view(page, plural, record_id, step)
    form = await submitted(page)
    body = body_of(step, form)
    done = None if form.errors else await _done(page, (plural, record_id, step), form, body)
    if done is None:
        form.values = {**form.values, **({"version": view["version"]} if form["version"] else {})}
        return await _step_page(page, plural, view, step, form, UNPROCESSABLE)
    if "secret" in done:
        return _secret_page(page, plural, view, step, done["secret"])
    return RedirectResponse(f"/access/{plural}/{record_id}", 303)


async def _done(page: Page, place: tuple[str, str, str], form: Form, body: Body) -> Told | None:
    """None when it was refused; then the form says why."""
    seen = form["version"] if place[2] in OVERWRITING else ""
    try:
        return await page.dashboard.access.act(
            page.session.principal, place, body, form[KEY_FIELD], seen
        )
    except PreconditionError:
        said = N_(
            "Somebody changed this meanwhile. Compare it with what stands now, and send it again."
        )
        form.add(FieldError("", "changed", said), GENERAL)
    except AppError as error:
        place_errors(form, error, find_granted if place[2] in GRANTING else find_field)
    return None


async def _view(page: Page, plural: str, record_id: str, step: str) -> View:
    """Raises NotFoundError for a step that cannot be taken now, or not by this reader."""
    _check_family(page, plural)
    view = await view_of(page, plural, record_id)
    if not may_take(plural, view, step, page.session.principal.subject):
        raise NotFoundError
    return view


def _check_family(page: Page, plural: str) -> None:
    check_administers(page)
    if plural not in KINDS:
        raise NotFoundError


async def _new_body(page: Page, plural: str, form: Form) -> Body:
    match plural:
        case "people":
            return access_forms.enrolled(form)
        case "clients":
            return access_forms.registered(form, await _account_of(page, form))
        case _:
            organisation_id = await chosen(page, form, "organisation", "organisation")
            return access_forms.admitted(form, organisation_id)


async def _account_of(page: Page, form: Form) -> str | None:
    """The account behind a sign-in name, or the account itself."""
    typed = form["account"]
    if not typed:
        return None
    found = await page.dashboard.access.found(page.session.principal, "people", {"q": typed}, "")
    for one in found["items"]:
        if typed in (one["username"], one["account_id"]):
            return str(one["account_id"])
    form.add(FieldError("/account", "unknown", N_("Nobody signs in by this name.")), "account")
    return None


async def _new_page(page: Page, plural: str, form: Form, status: int = 200) -> Response:
    shown = await _form_context(page, plural, form, None) | {
        "title": page.translated(words_access.NEW[plural]),
        "step": "new",
    }
    return page.html("access_form.html", shown, status)


async def _step_page(
    page: Page, plural: str, view: View, step: str, form: Form, status: int = 200
) -> Response:
    shown = await _form_context(page, plural, form, view) | {
        "title": page.translated(words_access.STEP[step]),
        "step": step,
        "called": called(view),
        "named": _named(page, view, form["what"]) if step in BESIDE.get(plural, ()) else None,
    }
    return page.html("access_form.html", shown, status)


def _secret_page(page: Page, plural: str, view: View, step: str, secret: str) -> Response:
    shown = access_context(page, plural, view) | {
        "title": page.translated(SECRET_TITLES[step]),
        "called": called(view),
        "secret": secret,
    }
    return page.html("access_secret.html", shown)


async def _form_context(page: Page, plural: str, form: Form, view: View | None) -> Shown:
    policy = page.dashboard.policy
    people = await page.dashboard.access.found(page.session.principal, "people", {}, "")
    return access_context(page, plural, view) | {
        "form": form,
        "partners": await partner_names(page),
        "people": people["items"],
        "languages_offered": policy.languages,
        "levels": policy.levels,
        "grantable": _grantable(page),
    }


def _grantable(page: Page) -> Mapping[str, Mapping[str, str]]:
    policy = page.dashboard.policy
    communities = {one: name for one, name in policy.communities.items() if one != EVERYONE}
    roles = {str(Role(role)): name for role, name in policy.roles.items()}
    return {"role": roles, "community": communities, "caveat": policy.caveats}


def _named(page: Page, view: View, what: str) -> View | None:
    """The grant or credential that `what` names; None: none that is there."""
    for one in view.get("grants", ()):
        if f"{one['kind']}:{one['name']}" == what:
            return dict(one)
    for one in (*view.get("identities", ()), *view.get("passkeys", ())):
        if one["id"] == what:
            return dict(one)
    for one in view.get("credentials", ()):
        if one["id"] == what:
            return {**one, "live": holds(one, "ends_at", utc_now())}
    return None
