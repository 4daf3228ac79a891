"""A store with a history, somebody with every right on its server, and the heads a witness kept."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from cli.verifying.exporting import export_log, header_of
from deploy.local.layout import ROOT
from shared.database import open_pool
from shared.eventstore.chain import Breach, Walk
from shared.eventstore.model import (
    Head,
    NewEvent,
    chain_hash,
    from_micros,
    micros,
    payload,
    payload_digest,
)
from shared.eventstore.store import EventStore, open_store
from shared.eventstore.verify import verify_store
from shared.heads import HeadSigner, SignedHead
from shared.heads_checking import against, standing_of
from tests.service.conftest import StoreAddress
from tests.stack.events import an_append

VERIFIER = ROOT / "deploy/witness/verify_log.py"
VERIFIER_SECONDS = 60
EVENTS = 40
COLUMNS = (
    "position", "epoch", "event_id", "stream_id", "version", "type", "data", "meta",
    "occurred_at", "recorded_at", "prev_hash", "hash", "payload_digest",
)  # fmt: skip
ASCII_BITS = 7
FROM = "select * from events where position >= $1 order by position"
LINKED = "update events set data = $2, payload_digest = $3, prev_hash = $4, hash = $5 where position = $1"

Row = list[Any]  # Any: values of several types


async def filled(store: EventStore) -> None:
    """40 events on 12 streams, every append a command."""
    for number in range(EVENTS):
        stream, expected = number % 12, number // 12
        command = b"command %d" % number
        await store.append(an_append(f"test_{stream}", expected=expected, command=command))


@asynccontextmanager
async def superuser(where: StoreAddress):
    """Triggers and grants do not hold him."""
    connection = await asyncpg.connect(where.admin)
    try:
        await connection.execute("set session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def first_breach(where: StoreAddress) -> Breach | None:
    async with open_store(where.app, connections=2) as store:
        return min(
            await verify_store(store, lambda _: None), key=lambda one: one.position, default=None
        )


async def first_breach_after(where: StoreAddress, statement: str) -> Breach | None:
    """What verify says once `statement` was run; then everything is put back."""
    tables = ("events", "streams", "commands")
    async with superuser(where) as connection:
        for table in tables:
            await connection.execute(f"create temp table kept_{table} as table {table}")
        await connection.execute(statement)
        found = await first_breach(where)
        for table in tables:
            await connection.execute(f"delete from {table}")  # noqa: S608 - of three constants
            await connection.execute(f"insert into {table} table kept_{table}")
    return found


async def changed(where: StoreAddress, statement: str) -> None:
    async with superuser(where) as connection:
        await connection.execute(statement)


async def cut_off(where: StoreAddress, after: int) -> None:
    """Drops the tail and hides it from every table beside."""
    async with superuser(where) as connection:
        await connection.execute("delete from events where position > $1", after)
        await connection.execute("delete from commands where position > $1", after)
        await connection.execute("delete from streams")
        await connection.execute(
            "insert into streams select stream_id, max(version) from events group by 1"
        )


async def rewritten(where: StoreAddress, position: int) -> None:
    """Another event at `position`, and every hash from there on made to fit."""
    async with superuser(where) as connection, connection.transaction():
        rows = await connection.fetch(FROM, position)
        prev, data = rows[0]["prev_hash"], b'{"type":"never.happened.v1"}'
        for row in rows:
            event = NewEvent(row["event_id"], row["type"], data, row["meta"], row["occurred_at"])
            digest = payload_digest(event, row["stream_id"], row["version"])
            made = chain_hash(prev, row["epoch"], row["position"], row["recorded_at"], digest)
            await connection.execute(LINKED, row["position"], data, digest, prev, made)
            prev = made


async def heads_at(where: StoreAddress, signer: HeadSigner, *positions: int) -> list[SignedHead]:
    """Heads as a witness would have got them when the chain stood there."""
    async with open_store(where.app, connections=1) as store:
        rows = [(await store.read_rows(position - 1, 1))[0] for position in positions]
    return [signer.sign(Head(row[1], row[0], row[11]), row[9]) for row in rows]


async def breach_against(where: StoreAddress, heads: Sequence[SignedHead]) -> Breach | None:
    async with open_pool(where.app, connections=1) as pool:
        breaches, _ = against(heads, await standing_of(pool, heads))
    return breaches[0] if breaches else None


@dataclass(frozen=True)
class Verdict:
    """What the stand-alone verifier said."""

    code: int
    words: str


async def stand_alone(
    where: StoreAddress, folder: Path, signer: HeadSigner, heads: Sequence[SignedHead] = ()
) -> Verdict:
    """Exports the log and verifies it as a partner would, with nothing of ours on his path."""
    log, kept = folder / "log.jsonl", folder / "heads.json"
    log.unlink(missing_ok=True)
    await export_log(where.app, await header_of(where.app, "test", "hq", "contacts"), log)
    told = {"items": [head.to_json() for head in heads], "keys": [signer.public_key()]}
    kept.write_text(json.dumps(told))
    done = subprocess.run(  # noqa: ASYNC221, S603 - nothing else is to happen meanwhile
        [sys.executable, "-I", VERIFIER, log, "--heads", kept],
        capture_output=True, text=True, timeout=VERIFIER_SECONDS, check=False, cwd=folder,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return Verdict(done.returncode, done.stdout)


def changed_bytes(
    rows: Sequence[Row], seed: int, times: int
) -> Iterator[tuple[str, int, list[Row]]]:
    """The history with one byte of one stored value changed: which column, where, and all rows."""
    chance = random.Random(seed)
    for _ in range(times):
        at, column = chance.randrange(len(rows)), chance.randrange(len(COLUMNS))
        row = list(rows[at])
        row[column] = _flipped(row[column], chance)
        others = [one for number, one in enumerate(rows) if number != at]
        yield COLUMNS[column], rows[at][0], sorted([*others, row], key=lambda one: one[0])


def walked(rows: Sequence[Row]) -> list[Breach]:
    return Walk({1: 0}).take(link_of(row) for row in rows if row[0] > 0)


def link_of(row: Row) -> Row:
    """A stored row as the database hands it to be walked."""
    position, epoch, id_, stream, version, type_, data, meta, occurred, recorded = row[:10]
    hashed = payload(NewEvent(id_, type_, data, meta, occurred), stream, version)
    return [position, epoch, stream, version, micros(recorded), *row[10:], hashed]


def _flipped(value: Any, chance: random.Random) -> Any:
    match value:
        case int():
            return value ^ (1 << chance.randrange(31))
        case bytes():
            at = chance.randrange(len(value))
            return value[:at] + bytes([value[at] ^ chance.randrange(1, 256)]) + value[at + 1 :]
        case str():  # the database takes UTF-8 only
            at = chance.randrange(len(value))
            other = chr(ord(value[at]) ^ (1 << chance.randrange(ASCII_BITS)))
            return value[:at] + other + value[at + 1 :]
        case UUID():
            return UUID(bytes=_flipped(value.bytes, chance))
        case _:
            return from_micros(micros(value) ^ (1 << chance.randrange(48)))
