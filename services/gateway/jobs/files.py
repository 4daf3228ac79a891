"""The file of an export, made while it is fetched: by the reader that lists go through, for him who fetches.

It is read twice: once to learn how it is marked, for that comes first; then to be sent. What rose above its
marking in between breaks it off, so that no file says less than it holds.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.gateway.authentication import Caller
from services.gateway.jobs import store
from services.gateway.jobs.exporting import part_named
from services.gateway.jobs.formats import FileFormat, Writer, writer
from services.gateway.jobs.job import Job, asked_of, box_of
from services.gateway.jobs.marking import Marking, marking_of, portions, says
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.partner_api.reading import views_of
from services.gateway.partner_api.views import rendered
from services.gateway.reads.channels import Channel
from services.gateway.web.labels_shown import Banner
from services.gateway.wiring import Gateway
from shared.errors import AppError, BusyError, UnauthenticatedError
from shared.principal import Principal

# The read log may have to catch up with what is fetched at once.
ATTEMPTS, AGAIN_SECONDS = 10, 0.5
Json = dict[str, Any]  # Any: JSON of a view


class BrokenOffError(Exception):
    """What is being sent must not go on: a label rose above it, or its reader is let in no longer."""


@dataclass(frozen=True, slots=True)
class File:
    """One fetching of one export."""

    gateway: Gateway
    caller: Caller
    job: Job
    asked: Json

    @property
    def api(self) -> KindApi:
        return next(api for api in KINDS if api.plural == self.job.plural)

    @property
    def format(self) -> FileFormat:
        return FileFormat(self.asked["format"])

    def name(self, marking: Marking, on: date) -> str:
        """With its marking, so that it is seen before it is opened."""
        return f"{self.job.plural}-{on:%Y%m%d}-{marking.level}.{self.format.ending}"

    async def marking(self) -> Marking:
        """Of all that would be sent now. Nothing of it is shown yet."""
        banner, left_out = Banner(self.gateway.policy), 0
        async for views in self._views(Channel.UNSEEN):
            going = self._going(views)
            left_out += len(views) - len(going)
            _count(banner, going)
        return marking_of(banner, left_out)

    async def content(self, marking: Marking) -> AsyncIterator[bytes]:
        """Raises BrokenOffError: half a file is told by its transfer, which does not end as it should."""
        lines = self._writer()
        yield lines.head(marking)
        banner = Banner(self.gateway.policy)
        banner.seen(marking.wire)
        try:
            async for views in self._views(Channel.FILE):
                going = self._going(views)
                _count(banner, going)
                if banner.wire != marking.wire:
                    raise BrokenOffError
                shown = (rendered(self.gateway.secret, view, self._fields) for view in going)
                yield b"".join(map(lines.row, shown))
        except AppError as refused:
            raise BrokenOffError from refused

    @property
    def _fields(self) -> frozenset[str] | None:
        return None if self.asked["fields"] is None else frozenset(self.asked["fields"])

    def _writer(self) -> Writer:
        policy = self.gateway.policy
        return writer(self.api.kind, self.format, self._fields, lambda wire: says(policy, wire))

    async def _views(self, channel: Channel) -> AsyncIterator[list[Json]]:
        """What its reader may read now, in the order of the list it was asked for as."""
        box, number = box_of(self.gateway, self.job), 0
        while found := await store.parts(self.gateway.pool, self.job.job_id, number, 1):
            number, sealed = found[0]
            yield await self._read(channel, box.open(part_named(number), sealed))
            number += 1

    def _going(self, views: list[Json]) -> list[Json]:
        return [view for view in views if _may_go(view, self.caller.principal)]

    async def _read(self, channel: Channel, ids: list[str]) -> list[Json]:
        read, filters = self.gateway.upstream.by(channel), self.asked["filters"]
        then = {name: filters[name] for name in ("as_of",) if name in filters}
        for _ in range(ATTEMPTS):
            try:
                found = await views_of(read, await self._reader(), ids, then)
                return [found[one] for one in ids if one in found]
            except BusyError:
                await asyncio.sleep(AGAIN_SECONDS)
        found = await views_of(read, await self._reader(), ids, then)
        return [found[one] for one in ids if one in found]

    async def _reader(self) -> Principal:
        """As he stands now. Emergency access is for looking, not for taking along."""
        principal = await self.caller.standing()
        if principal is None:
            raise UnauthenticatedError("You are no longer let in.")
        return principal.without_emergency


def file_of(gateway: Gateway, caller: Caller, job: Job) -> File:
    return File(gateway, caller, job, asked_of(gateway, job))


def _count(banner: Banner, views: list[Json]) -> None:
    for view in views:
        for wire in portions(view):
            banner.seen(wire)


def _may_go(view: Json, principal: Principal) -> bool:
    """Under originator control nothing goes out in a file but by the originator's own people."""
    marked = view.get("marked") or {}
    originator = marked.get("originator")
    controlled = bool(marked.get("originator_control")) and originator is not None
    return not controlled or originator == str(principal.organisation)
