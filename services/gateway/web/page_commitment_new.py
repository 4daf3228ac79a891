"""Recording a promise, from an engagement or alone; and choosing by typing, for every form."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web import words_work
from services.gateway.web.choosing import PEOPLE, PLACES, choices, ids_called
from services.gateway.web.commands import send, writing_language
from services.gateway.web.commitment_form import field_of, new_body
from services.gateway.web.due_words import due
from services.gateway.web.forms import KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, ForbiddenError, NotFoundError
from shared.ids import Kind
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
TYPED_LIMIT = 200
CHOSEN_FROM = {
    "people": PEOPLE, "places": PLACES, "persons": "person", "organisations": "organisation", "posts": "post",
}  # fmt: skip


@router.get("/commitments/new")
async def new(page: Reader) -> Response:
    _check_may(page)
    asked = page.request.query_params
    values = {"engagement_id": asked.get("engagement", ""), "party_id": asked.get("party", "")}
    known = await names_for(page, [], [id_ for id_ in values.values() if "_" in id_])
    if party := known.get(values["party_id"]):
        values["party"] = str(party["title"]["text"] or "")
    return await _form_page(page, Form(values | {KEY_FIELD: new_key()}))


@router.post("/commitments/new")
async def give(page: Reader) -> Response:
    _check_may(page)
    form = await submitted(page, many=("releasable_to",))
    party = form["party_id"] or (await ids_called(page, [form["party"]])).get(form["party"])
    body = new_body(form, party, partial(due, page), writing_language(page))
    if form.errors:
        return await _form_page(page, form, UNPROCESSABLE)
    try:
        made = await send(page, form, "/commitments", body)
    except AppError as error:
        place_errors(form, error, field_of)
        return await _form_page(page, form, UNPROCESSABLE)
    return RedirectResponse(f"/commitments/{made}", 303)


@router.get("/parts/choices/{which}")
async def choose(page: Reader, which: str) -> Response:
    """Options for what is typed so far; none for too little."""
    if which not in CHOSEN_FROM:
        raise NotFoundError
    typed = page.request.query_params.get("q", "").strip()[:TYPED_LIMIT]
    found = await choices(page, typed, CHOSEN_FROM[which]) if typed else []
    return page.part("choices.html", {"choices": found})


@router.get("/parts/due")
async def understood(page: Reader) -> Response:
    typed = page.request.query_params.get("q", "").strip()[:TYPED_LIMIT]
    return page.part("due.html", {"typed": typed, "due": due(page, typed) if typed else None})


def _check_may(page: Page) -> None:
    if not allowed(page.session.principal.roles, Action.CREATE, Kind.COMMITMENT):
        raise ForbiddenError("Your role does not record promises.")


async def _form_page(page: Page, form: Form, status: int = 200) -> Response:
    policy = page.dashboard.policy
    highest = page.session.principal.levels.get(policy.id, -1)
    at = form["engagement_id"]
    shown = {
        "title": page.translated(N_("Record a promise")),
        "form": form,
        "names": await names_for(page, [], [at]) if at else {},
        "formalities": tuple(words_work.FORMALITY),
        "levels": [level for level in policy.levels if level.ordinal <= highest],
        "communities": policy.communities,
        "base": "/commitments",
    }
    return page.html("commitment_new.html", shown, status)
