"""Writes about engagements."""

from typing import Any

from fastapi import APIRouter, Response

from services.engagements import requests
from services.engagements.batch import take_engagement
from services.engagements.commands import ConfirmEngagement
from services.engagements.wiring import Engagements, answered
from shared.api import engagements as api
from shared.api.batch import Batch
from shared.api.common import Relabel
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/engagements")


@router.post("")
async def plan(
    body: api.PlanEngagement, request: Writing, desk: Engagements, response: Response
) -> Accepted:
    return answered(await desk.plan(body, request), response)


@router.post("/record_held")
async def record_held(
    body: api.RecordHeld, request: Writing, desk: Engagements, response: Response
) -> Accepted:
    return answered(await desk.record_held(body, request), response)


@router.post("/batch")
async def batch(
    body: Batch, request: WritingMany, desk: Engagements
) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_engagement(desk, asked), request)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.PutEngagement,
    request: Writing,
    desk: Engagements,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/plan")
async def go_ahead(
    record_id: PathId, body: api.Plan, request: Writing, desk: Engagements
) -> Accepted:
    return await desk.act(record_id, requests.go_ahead(body), request)


@router.post("/{record_id}/approve")
async def approve(
    record_id: PathId, body: api.Approve, request: Writing, desk: Engagements
) -> Accepted:
    command = requests.approve(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/confirm")
async def confirm(
    record_id: PathId, body: api.Nothing, request: Writing, desk: Engagements
) -> Accepted:
    return await desk.act(record_id, ConfirmEngagement(), request)


@router.post("/{record_id}/postpone")
async def postpone(
    record_id: PathId, body: api.Postpone, request: Writing, desk: Engagements
) -> Accepted:
    command = requests.postpone(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/close")
async def close(
    record_id: PathId, body: api.Close, request: Writing, desk: Engagements
) -> Accepted:
    command = requests.close(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/link")
async def link(
    record_id: PathId, body: api.LinkParticipant, request: Writing, desk: Engagements
) -> Accepted:
    return await desk.act(record_id, requests.link(body), request)


@router.post("/{record_id}/hold")
async def hold(record_id: PathId, body: api.Hold, request: Writing, desk: Engagements) -> Accepted:
    return await desk.act(record_id, requests.hold(body), request)


@router.post("/{record_id}/debrief")
async def debrief(
    record_id: PathId, body: api.Debrief, request: Writing, desk: Engagements
) -> Accepted:
    return await desk.debrief(record_id, body, request)


@router.post("/{record_id}/amend")
async def amend(
    record_id: PathId, body: api.AmendEngagement, request: Writing, desk: Engagements
) -> Accepted:
    return await desk.amend(record_id, body, request)


@router.post("/{record_id}/cancel")
async def cancel(
    record_id: PathId, body: api.Cancel, request: Writing, desk: Engagements
) -> Accepted:
    command = requests.cancel(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/relabel")
async def relabel(
    record_id: PathId, body: Relabel, request: Writing, desk: Engagements
) -> Accepted:
    command = requests.relabel(body, request.principal.language)
    return await desk.act(record_id, command, request)
