"""Writes about commitments."""

from typing import Any

from fastapi import APIRouter, Response

from services.engagements import commitment_requests as requests
from services.engagements.commitment_batch import take_commitment
from services.engagements.commitment_commands import AcceptCommitment
from services.engagements.wiring import Commitments, answered
from shared.api import commitments as api
from shared.api.batch import Batch
from shared.api.common import Relabel
from shared.api.engagements import Nothing
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/commitments")


@router.post("")
async def give(
    body: api.GiveCommitment, request: Writing, desk: Commitments, response: Response
) -> Accepted:
    return answered(await desk.give(body, request), response)


@router.post("/batch")
async def batch(
    body: Batch, request: WritingMany, desk: Commitments
) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_commitment(desk, asked), request)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.PutCommitment,
    request: Writing,
    desk: Commitments,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/amend")
async def amend(
    record_id: PathId, body: api.AmendCommitment, request: Writing, desk: Commitments
) -> Accepted:
    return await desk.amend(record_id, body, request)


@router.post("/{record_id}/accept")
async def accept(record_id: PathId, body: Nothing, request: Writing, desk: Commitments) -> Accepted:
    return await desk.act(record_id, AcceptCommitment(), request)


@router.post("/{record_id}/progress")
async def progress(
    record_id: PathId, body: api.NoteProgress, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.note_progress(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/acknowledge")
async def acknowledge(
    record_id: PathId, body: api.Acknowledge, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.acknowledge(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/dispute")
async def dispute(
    record_id: PathId, body: api.Dispute, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.dispute(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/keep")
async def keep(record_id: PathId, body: api.Keep, request: Writing, desk: Commitments) -> Accepted:
    return await desk.keep(record_id, body, request)


@router.post("/{record_id}/break")
async def break_(
    record_id: PathId, body: api.Break, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.break_(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/renegotiate")
async def renegotiate(
    record_id: PathId, body: api.Renegotiate, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.renegotiate(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/withdraw")
async def withdraw(
    record_id: PathId, body: api.Withdraw, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.withdraw(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/assess")
async def assess(
    record_id: PathId, body: api.Assess, request: Writing, desk: Commitments
) -> Accepted:
    command = requests.assess(body, request.principal.language)
    return await desk.act(record_id, command, request)


@router.post("/{record_id}/relabel")
async def relabel(
    record_id: PathId, body: Relabel, request: Writing, desk: Commitments
) -> Accepted:
    return await desk.relabel(record_id, body, request)
