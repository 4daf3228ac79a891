"""Removing what a record holds: asked for, approved or refused by a second person, and seen to its end."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.called import called
from services.gateway.web.commands import VERSION_FIELD, Body, ordered, writing_language
from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, place_errors, submitted
from services.gateway.web.lists import PLURALS
from services.gateway.web.loading import attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.page_dates import SERVICES
from services.gateway.web.plan_form import words
from services.gateway.web.removal_scope import around, scope_of
from services.gateway.web.routing import PageRoute
from services.gateway.web.steps import may_remove, new_key
from services.gateway.web.words import N_
from shared.contracts.removals import Ground
from shared.errors import AppError, FieldError, NotFoundError
from shared.ids import Kind, RecordId
from shared.roles import Action, allowed

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
GROUNDS = tuple(Ground)
# Kinds with a page of their own, and files, which have none.
REMOVABLE: Mapping[Kind, str] = {**PLURALS, Kind.ATTACHMENT: "attachments"}
DECIDED_BY: Mapping[Kind, str] = {**SERVICES, Kind.ATTACHMENT: "engagements"}
ANSWERS = ("approve", "refuse")
SHOWN = 12
FIELDS = {"ground": "ground", "reason": "reason"}
Shown = dict[str, Any]  # Any: what a template shows


@router.get("/records/{record_id}/removal")
async def removal(page: Reader, record_id: str) -> Response:
    return await _page(page, await _view(page, record_id), Form({}))


@router.get("/parts/records/{record_id}/removal")
async def removal_part(page: Reader, record_id: str) -> Response:
    view = await _view(page, record_id)
    return page.part("removal_progress.html", await _progress(page, view))


@router.post("/records/{record_id}/removal")
async def ask(page: Reader, record_id: str) -> Response:
    view = await _view(page, record_id)
    form = await submitted(page)
    for name in FIELDS:
        if not form[name]:
            form.add(FieldError(f"/{name}", "missing", N_("This is needed.")), name)
    body = {"ground": form["ground"], "reason": words(form["reason"], writing_language(page))}
    if not form.errors and await _sent(page, view, form, "ask_removal", body):
        return RedirectResponse(f"/records/{record_id}/removal", 303)
    return await _page(page, view, form, UNPROCESSABLE)


@router.post("/records/{record_id}/removal/{answer}")
async def answered(page: Reader, record_id: str, answer: str) -> Response:
    if answer not in ANSWERS:
        raise NotFoundError
    view = await _view(page, record_id)
    form = await submitted(page)
    if answer == "approve" and form["understood"] != "yes":
        said = N_("Say that you have read what goes, and that it cannot be undone.")
        form.add(FieldError("/understood", "missing", said), "understood")
    why = form["refusal"] if answer == "refuse" else ""
    body: Body = {"reason": words(why, writing_language(page))} if why else {}
    if not form.errors and await _sent(page, view, form, f"{answer}_removal", body):
        return RedirectResponse(f"/records/{record_id}/removal", 303)
    return await _page(page, view, form, UNPROCESSABLE)


async def _view(page: Page, record_id: str) -> View:
    """Raises NotFoundError for whoever has no part in removing it, too."""
    try:
        kind = RecordId.parse(record_id).kind
    except ValueError:
        raise NotFoundError from None
    if kind not in REMOVABLE:
        raise NotFoundError
    view = await page.get(f"/records/{record_id}")
    if not may_remove(page.session.principal, view):
        raise NotFoundError
    return view


async def _sent(page: Page, view: View, form: Form, verb: str, body: Body) -> bool:
    kind = Kind(view["kind"])
    path = f"/{REMOVABLE[kind]}/{view['id']}/{verb}"
    try:
        await ordered(page, form, DECIDED_BY.get(kind, "contacts"), path, body)
    except AppError as error:
        place_errors(form, error, lambda at: FIELDS.get(at.strip("/").split("/")[0], GENERAL))
        return False
    return True


async def _page(page: Page, view: View, form: Form, status: int = 200) -> Response:
    kind = Kind(view["kind"])
    seen = {VERSION_FIELD: str(view["source_version"])}
    form.values = {KEY_FIELD: new_key(), **form.values, **seen}
    over = view["status"] == "removed"
    shown = {
        "title": page.translated(N_("Removal")),
        "called": called(view),
        "tab": "removal",
        "base": f"/{PLURALS[kind]}" if kind in PLURALS else "",
        "form": form,
        "grounds": GROUNDS,
        **await (_progress(page, view) if over else _before(page, view)),
    }
    return page.html("removal.html", shown, status)


async def _progress(page: Page, view: View) -> Shown:
    """How far it has come; Failed where that cannot be had."""
    told = await attempt(page.get(f"/records/{view['id']}/removal"))
    return {"view": view, "told": told, "names": await names_for(page, [view])}


async def _before(page: Page, view: View) -> Shown:
    """What would go, and what there is to do about it."""
    edges = await attempt(page.get(f"/records/{view['id']}/edges"))
    others, scope = around(view, edges), scope_of(view)
    listed = [one for fields in scope.goes.values() for one in fields] + [*scope.stays]
    named = {*others.along[:SHOWN], *others.beside[:SHOWN], *(i for f in listed for i in f.ids)}
    waiting = (view.get("handling") or {}).get("removal")
    names, asker = await asyncio.gather(
        names_for(page, [view], named),
        attempt(
            page.dashboard.oversight.called(page.session.principal, (waiting or {}).get("by", ""))
        ),
    )
    return {
        "view": view,
        "waiting": waiting,
        "asker": asker,
        "may_approve": _may_approve(page, view, waiting),
        "scope": scope,
        "edges": edges,
        "others": others,
        "shown": SHOWN,
        "names": names,
    }


def _may_approve(page: Page, view: View, waiting: View | None) -> bool:
    """Another than who asked, whose office it is."""
    principal = page.session.principal
    second = waiting is not None and waiting["by"] != principal.subject
    return second and allowed(principal.roles, Action.REMOVE, Kind(view["kind"]))
