"""The same events written without an event store: hashed rows in bulk, and a transaction per command."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.benching.event_log import SERVICE, TOGETHER, callers, one_append
from cli.benching.pairing import Side, until
from deploy.local.databases import Databases
from shared.eventstore.model import NO_HASH, payload_digest

CONNECT_SECONDS = 10
CONNECTIONS = 32
_TABLES = """
create table bare_events (
    position bigint primary key, event_id uuid not null, stream_id text not null, version integer not null,
    type text not null, data bytea not null, meta bytea not null, occurred_at timestamptz not null,
    prev_hash bytea not null, hash bytea not null);
create index on bare_events (stream_id, version);
create sequence bare_positions;
create table bare_streams (stream_id text primary key, version integer not null);
create table bare_commands (
    command_id bytea primary key, request_digest bytea not null, record_id text not null);
"""
_BULK = """
insert into bare_events select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::integer[], $5::text[],
    $6::bytea[], $7::bytea[], $8::timestamptz[], $9::bytea[], $10::bytea[])
"""
_STREAM = text("insert into bare_streams values (:stream, 1)")
_COMMAND = text("insert into bare_commands values (:command, :digest, :stream)")
_EVENT = text("""
insert into bare_events
values (nextval('bare_positions'), :id, :stream, 1, :type, :data, :meta, :at, :hash, :hash)
""")


@dataclass(slots=True)
class _Head:
    position: int = 0
    hash: bytes = NO_HASH


@asynccontextmanager
async def bulk_side(databases: Databases) -> AsyncIterator[Side]:
    """One connection, TOGETHER rows a statement, hashes chained by the writer."""
    connection = await _with_tables(databases)
    head = _Head()

    async def run(seconds: float) -> float:
        goes_on, loop, start = until(seconds), asyncio.get_running_loop(), head.position
        began = loop.time()
        while goes_on():
            await connection.execute(_BULK, *_columns(head))
        seconds_taken: float = loop.time() - began
        return (head.position - start) / seconds_taken

    try:
        yield run
    finally:
        await connection.close()


def _columns(head: _Head) -> list[list[object]]:
    rows = []
    for _ in range(TOGETHER):
        append = one_append()
        event = append.events[0]
        prev = head.hash
        digest = payload_digest(event, append.stream_id, 1)
        head.position += 1
        head.hash = hashlib.sha256(prev + digest).digest()
        rows.append((head.position, event.event_id, append.stream_id, 1, event.type, event.data, event.meta,
                     event.occurred_at, prev, head.hash))  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)]


@asynccontextmanager
async def plain_side(databases: Databases, at_once: int) -> AsyncIterator[Side]:
    """A transaction a command, as most services are written."""
    await (await _with_tables(databases)).close()
    url = databases.url(SERVICE, "owner").replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0)
    try:
        yield callers(at_once, lambda: _write(engine))
    finally:
        await engine.dispose()


async def _write(engine: AsyncEngine) -> None:
    append = one_append()
    event, mark = append.events[0], append.command
    digest = payload_digest(event, append.stream_id, 1)
    async with engine.begin() as connection:
        await connection.execute(_STREAM, {"stream": append.stream_id})
        await connection.execute(
            _EVENT,
            {"id": event.event_id, "stream": append.stream_id, "type": event.type, "data": event.data,
             "meta": event.meta, "at": event.occurred_at, "hash": digest},
        )  # fmt: skip
        if mark is not None:
            values = {"command": mark.command_id, "digest": mark.request_digest}
            await connection.execute(_COMMAND, values | {"stream": append.stream_id})


async def _with_tables(databases: Databases) -> asyncpg.Connection:
    connection = await asyncpg.connect(databases.url(SERVICE, "owner"), timeout=CONNECT_SECONDS)
    await connection.execute(_TABLES)
    return connection
