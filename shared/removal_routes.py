"""Asking for a removal, approving and refusing it: the same addresses for every kind of record."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from shared.api.common import AskRemoval, WithReason
from shared.api.engagements import Nothing
from shared.http_commands import Accepted, PathId, Writing
from shared.removal_desk import RemovalDesk

router = APIRouter(prefix="/{plural}/{record_id}")


def _desk(request: Request) -> RemovalDesk:
    desk: RemovalDesk = request.app.state.removal_desk
    return desk


Desk = Annotated[RemovalDesk, Depends(_desk)]


@router.post("/ask_removal")
async def ask(
    plural: str, record_id: PathId, body: AskRemoval, request: Writing, desk: Desk
) -> Accepted:
    return await desk.ask(plural, record_id, body, request)


@router.post("/refuse_removal")
async def refuse(
    plural: str, record_id: PathId, body: WithReason, request: Writing, desk: Desk
) -> Accepted:
    return await desk.refuse(plural, record_id, body.reason, request)


@router.post("/approve_removal")
async def approve(
    plural: str, record_id: PathId, body: Nothing, request: Writing, desk: Desk
) -> Accepted:
    return await desk.approve(plural, record_id, request)
