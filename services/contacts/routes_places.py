"""Writes about places."""

from typing import Any

from fastapi import APIRouter, Response

from services.contacts import requests
from services.contacts.batch import place_kin, take_place
from services.contacts.wiring import Places, answered
from shared.api import contacts as api
from shared.api.batch import Batch
from shared.api.common import Relabel, WithReason
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/places")


@router.post("")
async def register(
    body: api.RegisterPlace, desk: Places, request: Writing, response: Response
) -> Accepted:
    return answered(await desk.register(body, request), response)


@router.post("/batch")
async def batch(body: Batch, desk: Places, request: WritingMany) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_place(desk, asked), request, place_kin)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.PlaceFields,
    desk: Places,
    request: Writing,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/amend")
async def amend(
    record_id: PathId, body: api.AmendPlace, desk: Places, request: Writing
) -> Accepted:
    return await desk.amend(record_id, body, request)


@router.post("/{record_id}/retire")
async def retire(record_id: PathId, body: WithReason, desk: Places, request: Writing) -> Accepted:
    command = requests.retire_place(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/relabel")
async def relabel(record_id: PathId, body: Relabel, desk: Places, request: Writing) -> Accepted:
    command = requests.relabel_place(body, request.principal.language)
    return await desk.act(record_id, command, request)
