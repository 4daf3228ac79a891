"""`./parley export-log SERVICE FILE`: a service's whole chain in one file, for others to verify.

A line of JSON first (whose log this is, its epochs and what they voided), then one line an event, with every
byte that is hashed. What is sealed stays sealed: no key goes along. `deploy/witness/verify_log.py` checks it.
"""

import argparse
import asyncio
import base64
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from cli.verify import STORES, servers
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.services import Surroundings
from shared.database import STATEMENT_SECONDS, open_pool
from shared.eventstore.chain import Row
from shared.eventstore.model import micros
from shared.eventstore.store import open_store

FORMAT = "parley.log.v1"
PAGE = 1_000
OWNER_ONLY = 0o600

_EPOCHS = "select epoch, begins_after, voided_from, voided_to from epochs order by epoch"

Json = dict[str, Any]  # Any: JSON


def main(arguments: Sequence[str]) -> int:
    """0 when everything is in the file. Raises LocalError when the file is there, or cannot be made."""
    parser = argparse.ArgumentParser(prog="./parley export-log", description=__doc__)
    parser.add_argument("service", choices=STORES)
    parser.add_argument("file", type=Path, help="must not be there yet")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    told = parser.parse_args(arguments)
    count = asyncio.run(_export(Layout(told.var.resolve()), told.service, told.file))
    print(f"{count} events of {told.service} are in {told.file}.")
    return 0


async def _export(layout: Layout, service: str, path: Path) -> int:
    async with servers(layout) as around:
        header = await _header(around, service)
        url = around.databases.url(service, "app")
        return await export_log(url, header, path)


async def export_log(url: str, header: Json, path: Path) -> int:
    """How many events were written. Reads up to what is the head when it arrives there."""
    written = after = 0
    with _made(path) as file:
        file.write(_line(header))
        async with open_store(url, connections=1) as store:
            while rows := await store.read_rows(after, PAGE):
                file.writelines(_line(_event(row)) for row in rows)
                after, written = rows[-1][0], written + len(rows)
    return written


async def header_of(url: str, mission: str, site: str, service: str) -> Json:
    async with open_pool(url, connections=1) as pool:
        rows = await pool.fetch(_EPOCHS, timeout=STATEMENT_SECONDS)
    epochs = [dict(row) for row in rows]
    named = {"mission": mission, "site": site, "service": service}
    return {"format": FORMAT, **named, "epochs": epochs}


async def _header(around: Surroundings, service: str) -> Json:
    state, url = around.state, around.databases.url(service, "app")
    return await header_of(url, state.mission, state.site, service)


def _event(row: Row) -> Json:
    """Times in microseconds since 1970 UTC, digests in hexadecimal, stored bytes in base64."""
    return {
        "position": row[0],
        "epoch": row[1],
        "event_id": row[2].hex,
        "stream_id": row[3],
        "version": row[4],
        "type": row[5],
        "data": base64.b64encode(row[6]).decode(),
        "meta": base64.b64encode(row[7]).decode(),
        "occurred_at": micros(row[8]),
        "recorded_at": micros(row[9]),
        "prev_hash": row[10].hex(),
        "hash": row[11].hex(),
        "payload_digest": row[12].hex(),
    }


def _made(path: Path) -> TextIO:
    """A new file that only its owner reads."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as refused:
        raise LocalError(f"{path} cannot be made: {refused.strerror}.") from refused
    return os.fdopen(file, "w", encoding="ascii")


def _line(told: Json) -> str:
    return json.dumps(told, separators=(",", ":")) + "\n"
