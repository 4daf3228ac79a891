"""Webhooks, for the people behind the machine clients: how each stands and why, its log, test and replay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.gateway.web.forms import GENERAL, KEY_FIELD, Form, moment, place_errors, submitted
from services.gateway.web.loading import attempt
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, Reader, View
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import AppError, FieldError, NotFoundError

router = APIRouter(route_class=PageRoute, include_in_schema=False)
UNPROCESSABLE = 422
ACTS = ("activate", "disable", "ping", "rotate", "delete")
LOG = ("state", "cursor")
START_OF_DAY = "00:00"
Shown = dict[str, Any]  # Any: what a template shows


@router.get("/webhooks")
async def webhooks(page: Reader) -> Response:
    shown = {
        "title": page.translated(N_("Webhooks")),
        "webhooks": await page.dashboard.webhooks.listed(page.session.principal),
        "label": owners_only(page),
    }
    return page.html("webhooks.html", shown)


@router.get("/webhooks/{webhook_id}")
async def webhook(page: Reader, webhook_id: str) -> Response:
    return await _page(page, webhook_id, Form({KEY_FIELD: new_key()}))


@router.post("/webhooks/{webhook_id}/replay")
async def replay(page: Reader, webhook_id: str) -> Response:
    """Those that are ticked, or all of a period."""
    form = await submitted(page, ("message",))
    named = list(form.many["message"]) or None
    period = (_from_when(form, "since"), _from_when(form, "until"))
    if named is None and period == (None, None) and not form.errors:
        said = N_("Tick messages, or give a period.")
        form.add(FieldError("", "missing", said), "since_date")
    if not form.errors:
        office, who = page.dashboard.webhooks, page.session.principal
        await office.replay(who, webhook_id, named, (None, None) if named else period)
        return RedirectResponse(f"/webhooks/{webhook_id}?state=waiting#log", 303)
    return await _page(page, webhook_id, form, UNPROCESSABLE)


@router.post("/webhooks/{webhook_id}/{act}")
async def act(page: Reader, webhook_id: str, act: str) -> Response:
    if act not in ACTS:
        raise NotFoundError
    form, office = await submitted(page), page.dashboard.webhooks
    try:
        done = await office.act(page.session.principal, webhook_id, act, form[KEY_FIELD])
    except AppError as error:
        place_errors(form, error, lambda pointer: GENERAL)
        form.values = {KEY_FIELD: new_key()}
        return await _page(page, webhook_id, form, UNPROCESSABLE)
    if "secret" in done:
        return _secret_page(page, done)
    return RedirectResponse("/webhooks" if act == "delete" else f"/webhooks/{webhook_id}", 303)


async def _page(page: Page, webhook_id: str, form: Form, status: int = 200) -> Response:
    office, who = page.dashboard.webhooks, page.session.principal
    hook = await office.one(who, webhook_id)
    asked = page.request.query_params
    log = await attempt(office.log(who, webhook_id, {n: asked[n] for n in LOG if asked.get(n)}))
    named = [one["record_id"] for one in _items(log) if one["record_id"]]
    shown: Shown = {
        "title": page.translated(N_("Webhook")),
        "hook": hook,
        "log": log,
        "names": await names_for(page, [], named),
        "form": form,
        "label": owners_only(page),
    }
    return page.html("webhook.html", shown, status)


def _secret_page(page: Page, hook: Mapping[str, Any]) -> Response:  # Any: JSON
    shown = {
        "title": page.translated(N_("The new secret")),
        "hook": hook,
        "label": owners_only(page),
    }
    return page.html("webhook_secret.html", shown)


def _items(log: Any) -> list[View]:  # Any: a page of the log, or Failed
    return list(log["items"]) if isinstance(log, dict) else []


def _from_when(form: Form, name: str) -> datetime | None:
    """UTC; without a time the start of the day."""
    date, time = form[f"{name}_date"], form[f"{name}_time"]
    if not date and not time:
        return None
    found = moment(date, time or START_OF_DAY)
    if found is None:
        form.add(FieldError("", "missing", N_("Give a date and a time.")), f"{name}_date")
        return None
    return datetime.fromisoformat(found)
