"""Three NATS servers on loopback that hold one another's streams, as docs/operations.md has a cluster run."""

import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from deploy.local.binaries import nats_server
from deploy.local.layout import Layout
from deploy.local.nats import Nats
from deploy.local.process import Program, Running, start
from deploy.local.state import LOOPBACK, free_port
from deploy.nats.configuration import MAX_PAYLOAD_BYTES
from tests.stack.servers import temporary_layout

NODES = ("north", "south", "west")


@dataclass
class Cluster:
    """A node may be killed, frozen and started again, by its name."""

    layouts: dict[str, Layout]
    ports: dict[str, int]
    routes: dict[str, int]
    running: dict[str, Running] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Of all of them: a client takes whichever answers."""
        return ",".join(f"nats://{LOOPBACK}:{port}" for port in self.ports.values())

    async def start(self, name: str) -> None:
        layout = self.layouts[name]
        path = layout.nats / "server.conf"
        path.write_text(json.dumps(self._settings(name)), "utf-8")
        program = Program("nats", (str(nats_server()), "-c", str(path)), {}, signal.SIGTERM)
        self.running[name] = await start(program, layout)
        await Nats(layout, self.ports[name]).until_ready()

    async def kill(self, name: str) -> None:
        self.running[name].process.kill()
        await self.running[name].wait()

    def freeze(self, name: str) -> None:
        """It holds its connections and says nothing: to the others it is cut off."""
        os.kill(self.running[name].process.pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.kill(self.running[name].process.pid, signal.SIGCONT)

    async def end(self) -> None:
        for one in self.running.values():
            if one.process.returncode is None:
                one.process.kill()
                await one.wait()

    def _settings(self, name: str) -> dict[str, object]:
        return {
            "listen": f"{LOOPBACK}:{self.ports[name]}",
            "server_name": name,
            "max_payload": MAX_PAYLOAD_BYTES,
            "jetstream": {"store_dir": str(self.layouts[name].nats / "store"), "sync_interval": "always"},
            "cluster": {
                "name": "parley",
                "listen": f"{LOOPBACK}:{self.routes[name]}",
                "routes": [f"nats://{LOOPBACK}:{port}" for port in self.routes.values()],
            },
        }  # fmt: skip


@asynccontextmanager
async def started_cluster() -> AsyncIterator[Cluster]:
    async with AsyncExitStack() as exits:
        layouts = {name: exits.enter_context(temporary_layout()) for name in NODES}
        ports, routes = ({name: free_port() for name in NODES} for _ in range(2))
        cluster = Cluster(layouts, ports, routes)
        exits.push_async_callback(cluster.end)
        for name in NODES:
            await cluster.start(name)
        yield cluster
