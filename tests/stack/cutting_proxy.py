"""A TCP proxy before PostgreSQL or NATS that loses the server's next answer: an unknown outcome."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65_536


class CuttingProxy:
    """`lose_next_answer()`: the next request still reaches the server; its answer does not come back."""

    losing: bytes | None = None

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self.port = 0

    @property
    def url(self) -> str:
        account = self._parts.netloc.rpartition("@")[0]
        return urlunsplit(self._parts._replace(netloc=f"{account}@127.0.0.1:{self.port}"))

    def lose_next_answer(self, holding: bytes = b"") -> None:
        """The next that holds these bytes."""
        self.losing = holding

    async def serve(
        self, to_client: asyncio.StreamReader, from_client: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_connection(
            self._parts.hostname, self._parts.port
        )
        with suppress(OSError):
            async with asyncio.TaskGroup() as group:
                group.create_task(_carry(to_client, to_server))
                group.create_task(self._answer(from_server, from_client))

    async def _answer(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        while answer := await server.read(CHUNK_BYTES):
            if self.losing is not None and self.losing in answer:
                self.losing = None
                client.transport.abort()
                return
            client.write(answer)
            await client.drain()
        client.close()


@asynccontextmanager
async def cutting_proxy(url: str) -> AsyncIterator[CuttingProxy]:
    """A proxy before the server of `url`, on a free port of loopback."""
    proxy = CuttingProxy(url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()
    writer.close()
