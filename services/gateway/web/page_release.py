"""Releasing a record to more people: what they would get, asked for, approved by a second; and recalled."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.fields_told import fields_by_group, ids_in
from services.gateway.web.called import called
from services.gateway.web.commands import Body, ordered, writing_language
from services.gateway.web.contact_values import chosen as record_chosen
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import Failed, attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_dates import SERVICES
from services.gateway.web.page_records import kind_of
from services.gateway.web.plan_form import words
from services.gateway.web.release_form import (
    MANY,
    Chosen,
    audiences_of,
    body_of,
    chosen_in,
    first_choice,
    is_guarded,
    newcomer,
    only_clause,
    wanted_by,
)
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError, NotFoundError
from shared.ids import Kind
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
# What is done with a release that waits, and the field in which its words are.
ANSWERS: Mapping[str, str] = {
    "agree": "note",
    "approve": "note",
    "refuse": "reason",
    "withdraw": "",
}
FIELDS = {"label": "level", "group_labels": "part", "reason": "reason", "note": "note"}
Shown = dict[str, Any]  # Any: what a template shows


@router.get("/records/{record_id}/release")
async def release(page: Reader, record_id: str) -> Response:
    view = await _view(page, record_id)
    query = page.request.query_params
    form = Form(dict(query) | {KEY_FIELD: new_key()}, {n: query.getlist(n) for n in MANY})
    if form["level"] not in {level.id for level in page.dashboard.policy.levels}:
        first, many = first_choice(view)
        return await _page(page, view, Form(first | {KEY_FIELD: new_key()}, many), None)
    return await _page(page, view, form, await _chosen(page, form))


@router.post("/records/{record_id}/release")
async def ask(page: Reader, record_id: str) -> Response:
    """Asked for, so that a second person approves; done at once where nobody else is needed."""
    view = await _view(page, record_id)
    form = await submitted(page, MANY)
    chosen = await _chosen(page, form)
    if not form.errors:
        wanted = wanted_by(chosen, view)
        guarded = is_guarded(page.dashboard.policy, view, wanted)
        body = body_of(wanted) | _said(page, form, "reason")
        if await _sent(page, view, form, "request_release" if guarded else "relabel", body):
            return RedirectResponse(f"/records/{record_id}{'/release' if guarded else ''}", 303)
    return await _page(page, view, form, chosen, UNPROCESSABLE)


@router.post("/records/{record_id}/release/{answer}")
async def answered(page: Reader, record_id: str, answer: str) -> Response:
    if answer not in ANSWERS:
        raise NotFoundError
    view = await _view(page, record_id)
    form = await submitted(page)
    body = _said(page, form, ANSWERS[answer]) if ANSWERS[answer] else {}
    if await _sent(page, view, form, f"{answer}_release", body):
        return RedirectResponse(f"/records/{record_id}", 303)
    return await _page(page, view, form, None, UNPROCESSABLE)


@router.post("/records/{record_id}/recall")
async def recall(page: Reader, record_id: str) -> Response:
    """Fewer people from now on. Whoever loses sight of it is told that it is no longer for them."""
    view = await _view(page, record_id)
    form = await submitted(page, ("releasable_to",))
    kept = [word for word in only_clause(view) if word in form.many["releasable_to"]]
    label = {**view["label"], "releasable_to": [kept] if kept else []}
    why = words(form["recall_reason"], writing_language(page))
    body: Body = {"label": label} | ({"reason": why} if why else {})
    if await _sent(page, view, form, "relabel", body):
        return RedirectResponse(f"/records/{record_id}", 303)
    return await _page(page, view, form, None, UNPROCESSABLE)


async def _view(page: Page, record_id: str) -> View:
    """Raises NotFoundError for whoever neither releases it nor agrees to its release."""
    kind_of(record_id)
    view = await page.get(f"/records/{record_id}")
    if not any(_may(page, view).values()):
        raise NotFoundError
    return view


def _may(page: Page, view: View) -> Mapping[str, bool]:
    principal, kind = page.session.principal, Kind(view["kind"])
    owns = view["owner"] == str(principal.organisation) and view.get("status") != "removed"
    marked = view.get("marked") or {}
    originates = bool(marked.get("originator_control")) and (
        marked.get("originator") == str(principal.organisation) and not owns
    )
    waiting = (view.get("handling") or {}).get("waiting") or {}
    second = waiting.get("by") != principal.subject
    return {
        "ask": owns and allowed(principal.roles, Action.RELABEL, kind),
        "approve": owns and second and allowed(principal.roles, Action.APPROVE, kind),
        "agree": originates and allowed(principal.roles, Action.AGREE, kind),
    }


async def _chosen(page: Page, form: Form) -> Chosen:
    organisation_id = await record_chosen(page, form, "organisation", "organisation")
    chosen = chosen_in(form, organisation_id, page.dashboard.policy)
    if not chosen.audiences:
        said = N_("Choose at least one community or organisation.")
        form.add(FieldError("/label/releasable_to", "missing", said), "releasable_to")
    return chosen


async def _sent(page: Page, view: View, form: Form, verb: str, body: Body) -> bool:
    kind = Kind(view["kind"])
    path = f"/{PLURALS[kind]}/{view['id']}/{verb}"
    try:
        await ordered(page, form, SERVICES.get(kind, "contacts"), path, body)
    except AppError as error:
        place_errors(form, error, _field_of)
        return False
    return True


def _field_of(pointer: str) -> str:
    first = pointer.strip("/").split("/")[0]
    return FIELDS.get(first, GENERAL)


def _said(page: Page, form: Form, name: str) -> Body:
    return {name: words(form[name], writing_language(page))} if form[name] else {}


async def _page(
    page: Page, view: View, form: Form, chosen: Chosen | None, status: int = 200
) -> Response:
    policy, waiting = page.dashboard.policy, (view.get("handling") or {}).get("waiting")
    wanted = _wanted(view, waiting, chosen)
    names = await names_for(page, [view], _named(view, wanted))
    # Whoever an extract is for gets nothing of this record, so there is nothing of it to preview.
    is_extract = bool(waiting and waiting.get("extract"))
    shown = {
        "title": page.translated(N_("Release")),
        "called": called(view),
        "view": view,
        "tab": "release",
        "base": f"/{PLURALS[Kind(view['kind'])]}",
        "form": form,
        "seen_version": str(view["source_version"]),
        "owns": view["owner"] == str(page.session.principal.organisation),
        "may": _may(page, view),
        "waiting": waiting,
        "wanted": wanted,
        "guarded": is_guarded(policy, view, wanted),
        "narrower": only_clause(view),
        "levels": policy.levels,
        "communities": policy.communities,
        "names": names,
        **await _preview(page, view, {} if is_extract else wanted, names),
    }
    form.values = (
        {**form.values, KEY_FIELD: new_key()} if KEY_FIELD not in form.values else form.values
    )
    return page.html("release.html", shown, status)


def _wanted(view: View, waiting: View | None, chosen: Chosen | None) -> dict[str, Any]:
    # Any: labels on the wire
    if waiting:
        return {group: {"caveats": [], **wire} for group, wire in waiting["wanted"].items()}
    return wanted_by(chosen, view) if chosen and chosen.is_said else {}


def _named(view: View, wanted: Mapping[str, Any]) -> set[str]:  # Any: labels on the wire
    words_ = audiences_of(wanted)
    return ids_in(view) | {one.removeprefix("org:") for one in words_ if one.startswith("org:")}


async def _preview(
    page: Page, view: View, wanted: Mapping[str, Any], names: Mapping[str, View]
) -> Shown:  # Any: labels on the wire
    """What somebody of the chosen audience would get, and how many could read it."""
    audiences = audiences_of(wanted)
    if not audiences:
        return {"audiences": audiences, "audience": "", "preview": None}
    asked = page.request.query_params.get("as", "")
    audience = asked if asked in audiences else newcomer(audiences, view)
    somebody = (audience, _holding(page))
    told = await attempt(
        page.dashboard.oversight.previewed(view, list(names.values()), wanted, somebody)
    )
    if isinstance(told, Failed):
        return {"audiences": audiences, "audience": audience, "preview": told, "holding": ()}
    theirs = told["view"]
    return {
        "audiences": audiences,
        "audience": audience,
        "holding": somebody[1],
        "preview": told,
        "fields": fields_by_group(theirs) if theirs else {},
        "kept_back": [
            g for g in view["group_labels"] if not theirs or g not in theirs["group_labels"]
        ],
        "readable": {id_: names[id_] for id_ in told["named"] if id_ in names},
    }


def _holding(page: Page) -> list[str]:
    """Caveats that whoever is previewed holds."""
    asked = page.request.query_params.getlist("holding")
    return [one for one in page.dashboard.policy.caveats if one in asked]
