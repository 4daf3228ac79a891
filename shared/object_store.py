"""Files: put once under a name of their own, read whole, never changed. A port, and its JetStream side.

One stream per service and site; a file is a row of messages, one subject each, so that reading needs
no consumer and nobody needs a right to purge or delete.
"""

import asyncio
from typing import Protocol

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RawStreamMsg, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from shared.bus import Address
from shared.errors import BusyError

CHUNK_BYTES = 512 * 1024
ANSWER_SECONDS = 5.0
WHOLE_SECONDS = 12.0
COUNT = "Parley-Chunks"


class ObjectMissingError(Exception):
    """No whole file is stored under this name."""


class ObjectStore(Protocol):
    """What services need of a store. Names are letters, digits and `_`; content is ciphertext."""

    async def put(self, name: str, content: bytes) -> None:
        """Whole, or an error: then what was stored of it is never read. Raises BusyError."""
        ...

    async def get(self, name: str) -> bytes:
        """Raises ObjectMissingError, BusyError."""
        ...


class JetStreamObjects:
    """Files of one service. Give `run` the bus; while it is away both methods raise BusyError."""

    def __init__(self, address: Address) -> None:
        self._stream = stream_of(address)
        self._js: JetStreamContext | None = None

    async def run(self, client: Client) -> None:
        """Use this connection until cancelled."""
        self._js = client.jetstream(timeout=ANSWER_SECONDS)
        try:
            await asyncio.Event().wait()
        finally:
            self._js = None

    async def put(self, name: str, content: bytes) -> None:
        chunks = [content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES)]
        headers = {COUNT: str(len(chunks))}
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                js = await self._ready()
                for number, chunk in enumerate(chunks or [b""]):
                    await js.publish(self._subject(name, number), chunk, headers=headers)
        except (NatsError, TimeoutError, OSError) as away:
            raise _away() from away

    async def get(self, name: str) -> bytes:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                js = await self._ready()
                first = await self._chunk(js, name, 0)
                count = int((first.headers or {}).get(COUNT, "1"))
                rest = [await self._chunk(js, name, number) for number in range(1, count)]
        except NotFoundError:
            raise ObjectMissingError(name) from None
        except (NatsError, TimeoutError, OSError) as away:
            raise _away() from away
        return b"".join(chunk.data or b"" for chunk in (first, *rest))

    async def _ready(self) -> JetStreamContext:
        if self._js is None:
            raise _away()
        try:
            await self._js.stream_info(self._stream)
        except NotFoundError:
            await self._js.add_stream(configuration(self._stream))
        return self._js

    async def _chunk(self, js: JetStreamContext, name: str, number: int) -> RawStreamMsg:
        return await js.get_last_msg(self._stream, self._subject(name, number))

    def _subject(self, name: str, number: int) -> str:
        return f"{self._stream}.{name}.{number}"


def stream_of(address: Address) -> str:
    """Where the files of that service are."""
    return f"{address.stream}-objects"


def configuration(stream: str) -> StreamConfig:
    return StreamConfig(
        name=stream,
        subjects=[f"{stream}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        deny_delete=True,
        deny_purge=True,
    )


def _away() -> BusyError:
    return BusyError("Files cannot be stored or read just now; try again.", retry_after_seconds=1)
