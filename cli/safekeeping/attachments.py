"""Encrypted files, which only the bus holds: from their stream to a tar file and back.

A member is a message: its name is the end of its subject, `COUNT` its one header.
"""

import io
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.local.secrets import seed_file
from deploy.local.services import Surroundings
from shared.bus import REQUEST_SECONDS, Address, open_bus
from shared.object_store import COUNT, configuration, stream_of

SERVICE = "engagements"
# Tar's way to keep what it has no field for.
HEADER = f"PARLEY.{COUNT}"


async def save(around: Surroundings, path: Path) -> int:
    """How many messages were written; those that come meanwhile are for the next backup."""
    count = 0
    async with _bus(around) as (js, stream):
        first, last = await _range(js, stream)
        with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
            for place in range(first, last + 1):
                message = await js.get_msg(stream, place)
                content = message.data or b""
                member = tarfile.TarInfo((message.subject or "").removeprefix(f"{stream}."))
                member.size = len(content)
                member.pax_headers = {HEADER: (message.headers or {}).get(COUNT, "1")}
                tar.addfile(member, io.BytesIO(content))
                count += 1
    return count


async def put_back(around: Surroundings, path: Path) -> int:
    """How many messages the stream lacked; what is there stays, for nothing there ever changes."""
    count = 0
    async with _bus(around) as (js, stream):
        await js.add_stream(configuration(stream))
        with tarfile.open(path, "r") as tar:
            for member in tar:
                file = tar.extractfile(member)
                subject = f"{stream}.{member.name}"
                if file is None or await _holds(js, stream, subject):
                    continue
                headers = {COUNT: member.pax_headers[HEADER]}
                await js.publish(subject, file.read(), headers=headers)
                count += 1
    return count


async def _range(js: JetStreamContext, stream: str) -> tuple[int, int]:
    try:
        state = (await js.stream_info(stream)).state
    except NotFoundError:
        return 1, 0
    return state.first_seq, state.last_seq


async def _holds(js: JetStreamContext, stream: str, subject: str) -> bool:
    try:
        await js.get_last_msg(stream, subject)
    except NotFoundError:
        return False
    return True


@asynccontextmanager
async def _bus(around: Surroundings) -> AsyncIterator[tuple[JetStreamContext, str]]:
    """As the one service that keeps files."""
    stream = stream_of(Address(around.state.mission, around.state.site, SERVICE))
    seed = seed_file(around.layout.secrets, SERVICE)
    async with open_bus(around.nats_url, seed, name=SERVICE, ca_file=around.nats_ca) as client:
        yield client.jetstream(timeout=REQUEST_SECONDS), stream
