"""Writes that every kind takes: its release to more people, and how it is handled."""

from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends

from shared.api import releasing as api
from shared.api.common import as_text
from shared.commands import execute
from shared.commands_kit import Kit
from shared.creating import check_extract
from shared.dating import ScheduleLabel
from shared.decider import Decider
from shared.errors import NotFoundError
from shared.extracting import RequestExtract
from shared.http_commands import Accepted, PathId, Writing
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.labels_asked import LabelsAsked
from shared.releasing import (
    AgreeRelease,
    ApproveRelease,
    MarkRecord,
    RecordCommand,
    RefuseRelease,
    RequestRelease,
    WithdrawRelease,
)
from shared.values import Text

AnyDecider = Decider[Any, Any, Any]  # Any: of whatever kind


class Desk(Protocol):
    @property
    def kit(self) -> Kit: ...


async def _act(
    desk: Desk,
    decider: AnyDecider,
    record_id: RecordId,
    command: RecordCommand,
    request: CommandRequest,
) -> Accepted:
    if record_id.kind is not decider.kind:
        raise NotFoundError
    return Accepted.of(await execute(desk.kit, decider, record_id, command, request))


def record_router(prefix: str, decider: AnyDecider, desk_of: Any) -> APIRouter:  # Any: a dependency
    """The same routes for the kind of `decider`; `desk_of` gives its desk."""
    router = APIRouter(prefix=prefix)
    AtDesk = Annotated[Desk, Depends(desk_of)]  # noqa: N806 - a type

    @router.post("/{record_id}/request_release")
    async def request_release(
        record_id: PathId, body: api.RequestRelease, request: Writing, desk: AtDesk
    ) -> Accepted:
        asked = LabelsAsked(body.label, body.group_labels)
        command = RequestRelease(asked, _text(body.reason, request), body.at)
        return await _act(desk, decider, record_id, command, request)

    @router.post("/{record_id}/agree_release")
    async def agree_release(
        record_id: PathId, body: api.ReleaseNote, request: Writing, desk: AtDesk
    ) -> Accepted:
        command = AgreeRelease(_text(body.note, request))
        return await _act(desk, decider, record_id, command, request)

    @router.post("/{record_id}/approve_release")
    async def approve_release(
        record_id: PathId, body: api.ReleaseNote, request: Writing, desk: AtDesk
    ) -> Accepted:
        command = ApproveRelease(_text(body.note, request))
        return await _act(desk, decider, record_id, command, request)

    @router.post("/{record_id}/refuse_release")
    async def refuse_release(
        record_id: PathId, body: api.RefuseRelease, request: Writing, desk: AtDesk
    ) -> Accepted:
        command = RefuseRelease(_text(body.reason, request))
        return await _act(desk, decider, record_id, command, request)

    @router.post("/{record_id}/withdraw_release")
    async def withdraw_release(
        record_id: PathId, body: api.WithdrawRelease, request: Writing, desk: AtDesk
    ) -> Accepted:
        return await _act(desk, decider, record_id, WithdrawRelease(), request)

    router.include_router(_extract_router(decider, desk_of))
    router.include_router(_handling_router(decider, desk_of))
    return router


def _extract_router(decider: AnyDecider, desk_of: Any) -> APIRouter:  # Any: see record_router
    router = APIRouter()
    AtDesk = Annotated[Desk, Depends(desk_of)]  # noqa: N806 - a type

    @router.post("/{record_id}/request_extract")
    async def request_extract(
        record_id: PathId, body: api.RequestExtract, request: Writing, desk: AtDesk
    ) -> Accepted:
        asked = LabelsAsked(body.label, body.group_labels)
        command = RequestExtract(asked, _text(body.reason, request))
        return await _act(desk, decider, record_id, command, request)

    @router.post("/{record_id}/check_extract")
    async def check(
        record_id: PathId, body: api.CheckExtract, request: Writing, desk: AtDesk
    ) -> Accepted:
        if record_id.kind is not decider.kind:
            raise NotFoundError
        outcome = await check_extract(desk.kit, decider, record_id, body.extract, request)
        return Accepted.of(outcome)

    return router


def _handling_router(decider: AnyDecider, desk_of: Any) -> APIRouter:  # Any: see record_router
    router = APIRouter()
    AtDesk = Annotated[Desk, Depends(desk_of)]  # noqa: N806 - a type

    @router.post("/{record_id}/mark")
    async def mark(record_id: PathId, body: api.Mark, request: Writing, desk: AtDesk) -> Accepted:
        return await _act(desk, decider, record_id, _marking(body), request)

    @router.post("/{record_id}/schedule")
    async def schedule(
        record_id: PathId, body: api.Schedule, request: Writing, desk: AtDesk
    ) -> Accepted:
        asked = LabelsAsked(body.label, body.group_labels)
        command = ScheduleLabel(body.declassify_at, asked, body.expires_at)
        return await _act(desk, decider, record_id, command, request)

    return router


def _marking(body: api.Mark) -> MarkRecord:
    return MarkRecord(
        tags=body.tags,
        originator=body.originator,
        originator_control=body.originator_control,
        review_on=body.review_on,
    )


def _text(value: Text | str | None, request: CommandRequest) -> Text | None:
    return as_text(value, request.principal.language) if value else None
