"""Exports and imports of whoever is signed in: how far each has come, its file, and what was refused."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response, StreamingResponse

from services.gateway.jobs.marking import says
from services.gateway.partner_api.attachments import KEPT_APART
from services.gateway.web import words_jobs
from services.gateway.web.forms import KEY_FIELD, Form, submitted
from services.gateway.web.lists import FILTERS, PLURALS, SORTS
from services.gateway.web.loading import attempt
from services.gateway.web.page import Page, Reader
from services.gateway.web.page_import import importable
from services.gateway.web.ports import View
from services.gateway.web.refused_rows import refused_lines
from services.gateway.web.relative_times import absolute
from services.gateway.web.routing import PageRoute
from services.gateway.web.saved_view_label import owners_only
from services.gateway.web.steps import new_key
from services.gateway.web.words import N_
from shared.errors import NotFoundError
from shared.ids import Kind

router = APIRouter(route_class=PageRoute, include_in_schema=False)
KINDS = {plural: kind for kind, plural in PLURALS.items()}
ACTS = ("cancel", "delete", "import")


@router.get("/jobs")
async def jobs(page: Reader) -> Response:
    shown = {
        "title": page.translated(N_("Exports and imports")),
        "jobs": await page.dashboard.jobs.listed(page.session.principal),
        "may_import": bool(importable(page)),
        "label": owners_only(page),
    }
    return page.html("jobs.html", shown)


@router.post("/jobs/export")
async def export(page: Reader) -> Response:
    """What a list shows, as a file. The form holds the list's own filters."""
    form = await submitted(page)
    kind = KINDS.get(form["records"])
    if kind is None:
        raise NotFoundError
    job_id = await page.dashboard.jobs.export(
        page.session.principal,
        form["records"],
        form["format"],
        _filters(form, kind),
        form[KEY_FIELD],
    )
    return RedirectResponse(f"/jobs/{job_id}", 303)


@router.get("/jobs/{job_id}")
async def job(page: Reader, job_id: str) -> Response:
    return page.html("job.html", await _context(page, job_id))


@router.get("/parts/jobs/{job_id}")
async def job_part(page: Reader, job_id: str) -> Response:
    """As it stands now, for a page that stays open until it is done."""
    return page.part("job_panels.html", await _context(page, job_id))


@router.get("/jobs/{job_id}/reasons")
async def reasons(page: Reader, job_id: str) -> Response:
    """Every refused row and why, as a table; what the rows hold is not in it."""
    office, who, label = page.dashboard.jobs, page.session.principal, owners_only(page)
    job = await office.one(who, job_id)
    lines = refused_lines(office, who, job_id, says(page.dashboard.policy, label))
    name = f"refused-{job['records']}-{label['level']}.csv"
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8", headers=KEPT_APART | named
    )


@router.post("/jobs/{job_id}/{act}")
async def act(page: Reader, job_id: str, act: str) -> Response:
    form = await submitted(page)
    office, who = page.dashboard.jobs, page.session.principal
    if act not in ACTS:
        raise NotFoundError
    if act == "delete":
        await office.delete(who, job_id)
        return RedirectResponse("/jobs", 303)
    if act == "import":
        return RedirectResponse(f"/jobs/{await office.write(who, job_id, form[KEY_FIELD])}", 303)
    await office.cancel(who, job_id)
    return RedirectResponse(f"/jobs/{job_id}", 303)


async def _context(page: Page, job_id: str) -> dict[str, Any]:  # Any: what a template shows
    office, who = page.dashboard.jobs, page.session.principal
    found, cursor = await office.one(who, job_id), page.request.query_params.get("cursor")
    refused = await attempt(office.rejected(who, job_id, cursor)) if found["rejected"] else None
    return {
        "title": page.translated(words_jobs.ALL["job_work"][_named(found)]),
        "job": found,
        "refused": refused,
        "form": Form({KEY_FIELD: new_key()}),
        "label": owners_only(page),
    }


def _named(job: View) -> str:
    return "check" if job["checked_only"] else str(job["work"])


def _filters(form: Form, kind: Kind) -> dict[str, str]:
    given = {name: form[name] for name in (*FILTERS, "as_of") if form[name]}
    return absolute(given) | ({"sort": form["sort"]} if form["sort"] in SORTS[kind] else {})
