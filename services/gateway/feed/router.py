"""The feed of view changes, its pull twin, and the pages' live stream."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.authentication import Caller, authenticated, person
from services.gateway.feed import cloud_events, live
from services.gateway.feed.changes import Pulled, opened, pull, sealed, what_of
from services.gateway.feed.embedding import records_of
from services.gateway.feed.event_stream import EventStream, frame
from services.gateway.feed.subscription import Subscription, Written
from services.gateway.feed.wake import Wake
from services.gateway.partner_api.answers import json_answer
from services.gateway.partner_api.queries import page_size_of, query_of, wrong_parameter
from services.gateway.wiring import Gateway, gateway_of
from shared.principal import Principal

RESUME = "last-event-id"


def feed_routes() -> list[Route]:
    return [
        Route("/v1/events", events, methods=["GET"]),
        Route("/v1/changes", changes, methods=["GET"]),
        Route("/live", live_events, methods=["GET"]),
    ]


async def events(request: Request) -> EventStream:
    """CloudEvents of what changed for this caller, from his cursor (or from now) on."""
    gateway, caller = gateway_of(request), await authenticated(request)
    query = query_of(request, {"since", "include"})
    return _stream(request, caller, query.get("since"), _as_cloud_events(gateway, _embeds(query)))


async def live_events(request: Request) -> EventStream:
    """For pages: which record of which kind changed, and nothing more."""
    gateway, caller = gateway_of(request), await person(request)
    query = query_of(request, {"since"})
    return _stream(request, caller, query.get("since"), live.written(gateway))


async def changes(request: Request) -> Response:
    """The pull twin: what changed since a cursor, at most a page; without one, the cursor of now."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query = query_of(request, {"since", "include", "page_size"})
    token = query.get("since")
    since = opened(gateway, principal, token) if token else None
    pulled = await pull(gateway, principal, since, page_size_of(query))
    records = await records_of(gateway, principal, pulled) if _embeds(query) else {}
    items = []
    for change, _ in pulled.changes:
        told = cloud_events.changed(gateway, principal, change, records.get(change["record_id"]))
        items.append({**told["data"], "what": what_of(change)})
    end = sealed(gateway, principal, pulled.cursor)
    return json_answer({"items": items, "next_cursor": end, "reset": pulled.reset})


def _stream(request: Request, caller: Caller, since: str | None, written: Written) -> EventStream:
    """A reconnecting browser's or client's header goes before the address it first asked for."""
    gateway = gateway_of(request)
    token = request.headers.get(RESUME) or since
    cursor = opened(gateway, caller.principal, token) if token else None
    frames = Subscription(gateway, caller, cursor, written).frames()
    return EventStream(_counted(gateway.wake, frames))


async def _counted(wake: Wake, frames: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same frames; while they are asked for, somebody listens."""
    wake.listeners += 1
    try:
        async with aclosing(frames):
            async for each in frames:
                yield each
    finally:
        wake.listeners -= 1


def _as_cloud_events(gateway: Gateway, embeds: bool) -> Written:
    async def written(principal: Principal, pulled: Pulled) -> AsyncGenerator[bytes, None]:
        records = await records_of(gateway, principal, pulled) if embeds else {}
        if pulled.reset:
            cursor = sealed(gateway, principal, pulled.cursor)
            data = orjson.dumps(cloud_events.reset(gateway, cursor))
            yield frame(cursor=cursor, event="reset", data=data)
        for change, after in pulled.changes:
            record = records.get(change["record_id"])
            data = orjson.dumps(cloud_events.changed(gateway, principal, change, record))
            event = what_of(change)
            yield frame(cursor=sealed(gateway, principal, after), event=event, data=data)

    return written


def _embeds(query: dict[str, str]) -> bool:
    if query.get("include", "record") != "record":
        raise wrong_parameter("include", "Only record can be included.")
    return "include" in query
