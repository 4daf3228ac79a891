"""Writes about people."""

from typing import Any

from fastapi import APIRouter, Response

from services.contacts.batch_people import take_person
from services.contacts.person_requests import VERBS
from services.contacts.private_details import PrivateAnswer
from services.contacts.wiring import People, answered
from shared.api import people as api
from shared.api.batch import Batch
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.errors import NotFoundError
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/people")


@router.post("")
async def register(
    body: api.RegisterPerson, desk: People, request: Writing, response: Response
) -> Accepted:
    return answered(await desk.register(body, request), response)


@router.post("/batch")
async def batch(body: Batch, desk: People, request: WritingMany) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_person(desk, asked), request)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.PersonFields,
    desk: People,
    request: Writing,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/read_private")
async def read_private(
    record_id: PathId, body: api.ReadPrivate, desk: People, request: Writing
) -> PrivateAnswer:
    return await desk.read_private(record_id, body, request)


@router.post("/{record_id}/{verb}")
async def act(
    record_id: PathId,
    verb: str,
    body: dict[str, Any],  # Any: JSON, parsed by the verb
    desk: People,
    request: Writing,
) -> Accepted:
    if verb not in VERBS:
        raise NotFoundError
    command = VERBS[verb](record_id, body, request.principal.language)
    return await desk.act(record_id, command, request)
