"""A new person or a new post. A person may be given a post at once: a second command under its own key."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.commands import ordered, writing_language
from services.gateway.web.contact_page import UNPROCESSABLE, Shown, choices_of_words
from services.gateway.web.contact_values import chosen
from services.gateway.web.forms import KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.page import Page, Reader
from services.gateway.web.person_form import person_body, person_field
from services.gateway.web.post_form import post_body, post_field
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.clock import utc_now
from shared.errors import AppError, ForbiddenError
from shared.ids import Kind
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/people/new")
async def new_person(page: Reader) -> Response:
    _check_may(page, Kind.PERSON)
    today = utc_now().date().isoformat()
    return _person_page(page, Form({KEY_FIELD: new_key(), "since": today}))


@router.post("/people/new")
async def register(page: Reader) -> Response:
    _check_may(page, Kind.PERSON)
    form = await submitted(page, many=("releasable_to",))
    organisation_id = await chosen(page, form, "organisation", "organisation")
    post_id = await chosen(page, form, "post", "post")
    body = person_body(form, organisation_id, writing_language(page))
    if form.errors:
        return _person_page(page, form, UNPROCESSABLE)
    try:
        made = str((await ordered(page, form, "contacts", "/people", body))["id"])
    except AppError as error:
        place_errors(form, error, person_field)
        return _person_page(page, form, UNPROCESSABLE)
    return await _in_post(page, form, made, post_id)


@router.get("/posts/new")
async def new_post(page: Reader) -> Response:
    _check_may(page, Kind.POST)
    return _post_page(page, Form({KEY_FIELD: new_key()}))


@router.post("/posts/new")
async def create(page: Reader) -> Response:
    _check_may(page, Kind.POST)
    form = await submitted(page, many=("releasable_to",))
    ids = {
        "organisation_id": await chosen(page, form, "organisation", "organisation"),
        "place_id": await chosen(page, form, "place", "place"),
    }
    body = post_body(form, ids, writing_language(page))
    if form.errors:
        return _post_page(page, form, UNPROCESSABLE)
    try:
        made = (await ordered(page, form, "contacts", "/posts", body))["id"]
    except AppError as error:
        place_errors(form, error, post_field)
        return _post_page(page, form, UNPROCESSABLE)
    return RedirectResponse(f"/posts/{made}", 303)


async def _in_post(page: Page, form: Form, person_id: str, post_id: str | None) -> Response:
    """The person is registered whatever becomes of the post: then its own form says what was wrong."""
    if post_id is None:
        return RedirectResponse(f"/people/{person_id}", 303)
    since = form["since"] or utc_now().date().isoformat()
    keyed = replace(form, values={**form.values, KEY_FIELD: f"{form[KEY_FIELD]}-post"})
    body = {"person_id": person_id, "since": since, "acting": form["acting"] == "yes"}
    try:
        await ordered(page, keyed, "contacts", f"/posts/{post_id}/take", body)
    except AppError:
        return RedirectResponse(f"/posts/{post_id}/take?person={person_id}&since={since}", 303)
    return RedirectResponse(f"/people/{person_id}", 303)


def _check_may(page: Page, kind: Kind) -> None:
    if not allowed(page.session.principal.roles, Action.CREATE, kind):
        raise ForbiddenError("Your role does not record contacts.")


def _person_page(page: Page, form: Form, status: int = 200) -> Response:
    title = {"title": page.translated(N_("New person")), "base": "/people"}
    return page.html("person_new.html", _shown(page, form) | title, status)


def _post_page(page: Page, form: Form, status: int = 200) -> Response:
    title = {"title": page.translated(N_("New post")), "base": "/posts"}
    return page.html("post_new.html", _shown(page, form) | title, status)


def _shown(page: Page, form: Form) -> Shown:
    policy = page.dashboard.policy
    highest = page.session.principal.levels.get(policy.id, -1)
    return {
        "form": form,
        "levels": [level for level in policy.levels if level.ordinal <= highest],
        "communities": policy.communities,
        **choices_of_words(),
    }
