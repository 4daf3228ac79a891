"""Attachments: files come and go as raw bytes; the gateway speaks of media types to the world."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.engagements.attachment_desk import Upload
from services.engagements.wiring import Attachments, answered
from shared.api.common import Relabel, WithReason
from shared.http import Caller
from shared.http_commands import Accepted, PathId, Writing
from shared.http_edge import Uploads

UPLOADS = (Uploads(re.compile(r"/commitments/[^/]+/attachments")),)
RAW = "application/octet-stream"

FileName = Annotated[str, Query(min_length=1, max_length=300)]

router = APIRouter()


async def uploaded(request: Request, name: FileName, declared: str = "") -> Upload:
    return Upload(name, declared, await request.body())


@router.post("/commitments/{record_id}/attachments")
async def attach(
    record_id: PathId,
    writing: Writing,
    upload: Annotated[Upload, Depends(uploaded)],
    desk: Attachments,
    response: Response,
) -> Accepted:
    return answered(await desk.add(record_id, upload, writing), response)


@router.post("/attachments/{record_id}/withdraw")
async def withdraw(
    record_id: PathId, body: WithReason, request: Writing, desk: Attachments
) -> Accepted:
    return await desk.withdraw(record_id, body, request)


@router.post("/attachments/{record_id}/relabel")
async def relabel(
    record_id: PathId, body: Relabel, request: Writing, desk: Attachments
) -> Accepted:
    return await desk.relabel(record_id, body, request)


@router.get("/attachments/{record_id}/content")
async def content(record_id: PathId, principal: Caller, desk: Attachments) -> Response:
    return Response(await desk.content(record_id, principal), media_type=RAW)
