"""The whole product as a test sees it: `./parley up --exercise` in a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.databases import Databases, all_logins
from deploy.local.layout import ROOT, Layout
from deploy.local.personas import demo_file
from deploy.local.postgres import Postgres
from deploy.local.process import LAUNCH, pid_of
from deploy.local.secrets import passwords
from deploy.local.services import is_ready
from deploy.local.state import LOOPBACK, SERVICES, State, free_port, remembered_state
from tests.stack.servers import temporary_layout

COMMAND = (sys.executable, "-P", "-m", "cli", "up", "--exercise")
READY_SECONDS = 60
STOP_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.05
# Names servers that are not ours to start (deploy/local/outside.py).
OUTSIDE = ("DATABASE_URL", "KEYSTORE_URL", "NATS_URL", "NATS_CA_FILE")


@dataclass(frozen=True)
class Installation:
    """A running installation. Killing a service's process is fair: it is started again."""

    layout: Layout
    gateway_url: str
    process: "subprocess.Popen[str]"

    @property
    def demo(self) -> dict[str, Any]:
        """What `var/demo.json` says: the gateway's address and the personas with their secrets."""
        content: dict[str, Any] = json.loads(demo_file(self.layout.var).read_text("utf-8"))
        return content

    @property
    def state(self) -> State:
        state = remembered_state(self.layout)
        assert state is not None
        return state

    @property
    def databases(self) -> Databases:
        logins = passwords(self.layout.secrets, all_logins(self.state.prefix))
        admin_url = Postgres(self.layout, self.state.ports["postgres"]).admin_url
        return Databases(admin_url, self.state.prefix, logins)

    @property
    def nats_url(self) -> str:
        return f"nats://{LOOPBACK}:{self.state.ports['nats']}"

    def pid(self, name: str) -> int:
        """Process id of a service, of `postgres` or of `nats`, as it was started last."""
        return pid_of(self.layout, name)

    async def kill(self, name: str) -> None:
        """Its process (SIGKILL); until another has been started in its place."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        async with asyncio.timeout(READY_SECONDS):
            while self.pid(name) == before:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def until_ready(self, *names: str) -> None:
        """Wait until these services (all, when none is named) are ready."""
        async with asyncio.timeout(READY_SECONDS):
            for name in names or SERVICES:
                while not await is_ready(self.state.ports[name]):
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)


@contextmanager
def started_installation(code: Path = ROOT) -> Iterator[Installation]:
    """Starts one of the release in `code`, in a folder of its own on free ports, and stops it in order."""
    with temporary_layout() as layout, started_in(layout, code=code) as running:
        yield running


@contextmanager
def started_in(
    layout: Layout, *arguments: str, code: Path = ROOT, outside: Mapping[str, str] = {}
) -> Iterator[Installation]:
    """Starts the installation whose state is in `layout`, on servers of its own or on `outside` ones, and
    stops it in order."""
    port = free_port()
    process = up(layout, "--port", str(port), *arguments, code=code, outside=outside)
    try:
        _await_ready(process, layout.var)
        yield Installation(layout, f"http://localhost:{port}", process)
    finally:
        _stop(process)


def up(
    layout: Layout, *arguments: str, code: Path = ROOT, outside: Mapping[str, str] = {}
) -> "subprocess.Popen[str]":
    """`./parley up --exercise` with these arguments, its output on a pipe; ends with the test run."""
    ends_with_us = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid())]
    ends_with_us += [str(int(signal.SIGTERM)), "-", "-", "--"]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*ends_with_us, *COMMAND, "--var", str(layout.var), *arguments],
        cwd=code,
        env={**_without_outside_servers(), **outside, "PYTHONPATH": str(code)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _await_ready(process: "subprocess.Popen[str]", var: Path) -> None:
    """Reads what it says until it is ready. Raises RuntimeError with all it said when it never is."""
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("Ready after"):
            return
    logs = [f"{log}:\n{log.read_text('utf-8')[-2000:]}" for log in sorted(var.glob("log/*.log"))]
    raise RuntimeError("the installation did not start:\n" + "".join(said) + "\n".join(logs))


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _without_outside_servers() -> dict[str, str]:
    return {name: told for name, told in os.environ.items() if name not in OUTSIDE}
