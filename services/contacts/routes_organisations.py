"""Writes about organisations."""

from typing import Any

from fastapi import APIRouter, Response

from services.contacts import requests
from services.contacts.batch import take_organisation
from services.contacts.wiring import Organisations, answered
from shared.api import contacts as api
from shared.api.batch import Batch
from shared.api.common import Merge, Relabel, WithReason
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/organisations")


@router.post("")
async def register(
    body: api.RegisterOrganisation, desk: Organisations, request: Writing, response: Response
) -> Accepted:
    return answered(await desk.register(body, request), response)


@router.post("/batch")
async def batch(
    body: Batch, desk: Organisations, request: WritingMany
) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_organisation(desk, asked), request)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.OrganisationFields,
    desk: Organisations,
    request: Writing,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/amend")
async def amend(
    record_id: PathId, body: api.AmendOrganisation, desk: Organisations, request: Writing
) -> Accepted:
    command = requests.amend_organisation(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/alias")
async def alias(
    record_id: PathId, body: api.AddAlias, desk: Organisations, request: Writing
) -> Accepted:
    command = requests.add_alias(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/merge")
async def merge(record_id: PathId, body: Merge, desk: Organisations, request: Writing) -> Accepted:
    command = requests.merge_organisation(record_id, body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/unmerge")
async def unmerge(
    record_id: PathId, body: WithReason, desk: Organisations, request: Writing
) -> Accepted:
    command = requests.unmerge_organisation(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/retire")
async def retire(
    record_id: PathId, body: WithReason, desk: Organisations, request: Writing
) -> Accepted:
    command = requests.retire_organisation(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/relabel")
async def relabel(
    record_id: PathId, body: Relabel, desk: Organisations, request: Writing
) -> Accepted:
    command = requests.relabel_organisation(body, request.principal.language)
    return await desk.act(record_id, command, request)
