"""Writes about posts."""

from typing import Any

from fastapi import APIRouter, Response

from services.contacts.batch_people import take_post
from services.contacts.post_requests import VERBS
from services.contacts.wiring import Posts, answered
from shared.api import people as api
from shared.api.batch import Batch
from shared.batch_items import WritingMany, external_id_of, run_batch
from shared.errors import NotFoundError
from shared.http_commands import Accepted, PathId, Writing

router = APIRouter(prefix="/posts")


@router.post("")
async def create(
    body: api.CreatePost, desk: Posts, request: Writing, response: Response
) -> Accepted:
    return answered(await desk.create(body, request), response)


@router.post("/batch")
async def batch(body: Batch, desk: Posts, request: WritingMany) -> dict[str, Any]:  # Any: JSON
    return await run_batch(body, lambda asked: take_post(desk, asked), request)


@router.put("/external/{system}/{external_id:path}")
async def put_external(
    system: str,
    external_id: str,
    body: api.PostFields,
    desk: Posts,
    request: Writing,
    response: Response,
) -> Accepted:
    named = external_id_of(system, external_id)
    return answered(await desk.put(named, body, request), response)


@router.post("/{record_id}/{verb}")
async def act(
    record_id: PathId,
    verb: str,
    body: dict[str, Any],  # Any: JSON, parsed by the verb
    desk: Posts,
    request: Writing,
) -> Accepted:
    if verb not in VERBS:
        raise NotFoundError
    command = VERBS[verb](body, request.principal.language)
    return await desk.act(record_id, command, request)
