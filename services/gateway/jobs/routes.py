"""Jobs of the partner API: asked for beside the lists, looked at and fetched under /v1/jobs."""

from dataclasses import dataclass

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from services.gateway.authentication import authenticated
from services.gateway.jobs import exporting, store
from services.gateway.jobs.checked import write_checked
from services.gateway.jobs.exporting import Wanted
from services.gateway.jobs.files import file_of
from services.gateway.jobs.formats import FileFormat, formats_of
from services.gateway.jobs.job import Job, JobState, JobWork
from services.gateway.jobs.schemas import JobsShown
from services.gateway.jobs.showing import BASE, job_of, rejected_page, shown
from services.gateway.jobs.working import Jobs
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.attachments import KEPT_APART
from services.gateway.partner_api.bodies import body_of
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.partner_api.queries import (
    FILTERS,
    fields_of,
    page_size_of,
    query_of,
    wrong_parameter,
)
from services.gateway.partner_api.reading import FIELDS
from services.gateway.partner_api.writing import idempotency_key
from services.gateway.webhooks.requests import Nothing
from services.gateway.wiring import gateway_of
from shared.clock import utc_now
from shared.errors import NotFoundError, RejectedError

ACCEPTED, NO_CONTENT = 202, 204


def job_routes() -> list[Route]:
    one = f"{BASE}/{{id}}"
    return [
        *(Route(f"/v1/{api.plural}/export", Exports(api).asked, methods=["POST"]) for api in KINDS),
        Route(BASE, _listed, methods=["GET"]),
        Route(one, _read, methods=["GET"]),
        Route(one, _deleted, methods=["DELETE"]),
        Route(f"{one}/cancel", _cancelled, methods=["POST"]),
        Route(f"{one}/import", _written, methods=["POST"]),
        Route(f"{one}/file", _file, methods=["GET"]),
        Route(f"{one}/rejected", _rejected, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class Exports:
    """Exports of one kind."""

    api: KindApi

    async def asked(self, request: Request) -> Response:
        """POST /v1/<kind>s/export: filters and fields as on the list, in the address."""
        gateway, principal = gateway_of(request), (await authenticated(request)).principal
        key, query = idempotency_key(request), query_of(request, {"format", "fields"} | FILTERS)
        await _nothing(request)
        fields = fields_of(query, FIELDS[self.api.kind])
        filters = {name: query[name] for name in sorted(FILTERS & query.keys())}
        wanted = Wanted(self.api, filters, fields, _format(self.api, query))
        job, replayed = await exporting.ask(gateway, principal, key, wanted)
        return taken(request, job, replayed=replayed)


def taken(request: Request, job: Job, *, replayed: bool) -> Response:
    """What is asked for is done later: where to look."""
    jobs_of(request).called.set()
    headers = {"Location": f"{BASE}/{job.job_id}"}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return _told(shown(gateway_of(request), job), ACCEPTED, headers)


def jobs_of(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


async def _listed(request: Request) -> Response:
    """The caller's own, the latest first."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    found = await store.of_client(gateway.pool, principal.client, utc_now())
    return _told(JobsShown(items=[shown(gateway, job) for job in found]))


async def _read(request: Request) -> Response:
    job = await _asked_for(request)
    query_of(request, set())
    return _told(shown(gateway_of(request), job))


async def _cancelled(request: Request) -> Response:
    gateway, job = gateway_of(request), await _asked_for(request)
    idempotency_key(request)
    query_of(request, set())
    await _nothing(request)
    await store.cancel(gateway.pool, job.job_id, utc_now())
    return _told(shown(gateway, await _asked_for(request)))


async def _written(request: Request) -> Response:
    """What was only checked is written after all."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    job = await _asked_for(request)
    key = idempotency_key(request)
    query_of(request, set())
    await _nothing(request)
    made, replayed = await write_checked(gateway, principal, key, job)
    return taken(request, made, replayed=replayed)


async def _deleted(request: Request) -> Response:
    job = await _asked_for(request)
    await store.delete(gateway_of(request).pool, job.job_id)
    return Response(status_code=NO_CONTENT)


async def _file(request: Request) -> Response:
    """Made now, of what the caller may read now."""
    gateway, caller = gateway_of(request), await authenticated(request)
    job = await _asked_for(request)
    query_of(request, set())
    if job.work is not JobWork.EXPORT:
        raise NotFoundError("There is no such file.")
    if job.state is not JobState.DONE:
        raise RejectedError("The job is not done.", code="not_done")
    file = file_of(gateway, caller, job)
    marking = await file.marking()
    name = file.name(marking, utc_now().date())
    headers = KEPT_APART | {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(
        file.content(marking), media_type=file.format.media_type, headers=headers
    )


async def _rejected(request: Request) -> Response:
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    job = await _asked_for(request)
    query = query_of(request, {"page_size", "cursor"})
    size = page_size_of(query)
    return _told(await rejected_page(gateway, principal, job, query.get("cursor"), size))


async def _asked_for(request: Request) -> Job:
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    return await job_of(gateway, principal, request.path_params["id"])


async def _nothing(request: Request) -> None:
    if body := await request.body():
        body_of(Nothing, body)


def _format(api: KindApi, query: dict[str, str]) -> FileFormat:
    known = formats_of(api.kind)
    wanted = query.get("format", FileFormat.NDJSON)
    if wanted not in known:
        raise wrong_parameter("format", f"Give one of {', '.join(known)}.")
    return FileFormat(wanted)


def _told(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_answer(body.model_dump(mode="json"), status, headers=headers)
