"""The embedded NATS server with JetStream, on a loopback port."""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.binaries import nats_server
from deploy.local.layout import Layout, write_private
from deploy.local.process import Program
from deploy.local.secrets import public_key, seed_file
from deploy.local.state import LOOPBACK, SERVICES, State
from deploy.nats.configuration import configuration
from deploy.nats.permissions import Permissions, permissions_of

READY_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.05
GREETING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Nats:
    """`sync_always`: every write is on the disk before it is acknowledged, as in a cluster."""

    layout: Layout
    port: int
    sync_always: bool = False

    @property
    def url(self) -> str:
        return f"nats://{LOOPBACK}:{self.port}"

    def program(self, users: Mapping[str, Permissions]) -> Program:
        path = self.layout.nats / "server.conf"
        store = self.layout.nats / "store"
        write_private(
            path, configuration(LOOPBACK, self.port, store, users, sync_always=self.sync_always)
        )
        return Program("nats", (str(nats_server()), "-c", str(path)), {}, signal.SIGTERM)

    async def until_ready(self) -> None:
        """Waits until it greets with JetStream on. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS):
            while not await self._greets():
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _greets(self) -> bool:
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
                greeting = await reader.readline()
        except (OSError, TimeoutError):
            return False
        writer.close()
        return b'"jetstream":true' in greeting


def users(layout: Layout, state: State) -> dict[str, Permissions]:
    """One user per service, by the public half of its seed."""
    return {
        public_key(seed_file(layout.secrets, service)): permissions_of(
            service, state.mission, state.site
        )
        for service in SERVICES
    }
