"""The release before this one, as it was, and this one beside it on the same databases and bus."""

import asyncio
import io
import os
import signal
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from deploy.local.layout import ROOT
from deploy.local.nats import Nats, users
from deploy.local.process import start
from deploy.local.provision import provision
from deploy.local.secrets import make_secrets
from deploy.local.services import Surroundings, is_ready, program
from deploy.local.state import SERVICES, free_port
from tests.stack.installation import Installation

# The newest commit that was released before this work: what runs where nobody has upgraded yet.
PREVIOUS = "6ee9c4a44d2926fc1b6906272d7cf30e944a8465"
READY_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.1


def previous_release(folder: Path) -> Path:
    """The files of the release before, in `folder`. Raises LookupError without the history."""
    archive = ["git", "archive", "--format=tar", PREVIOUS]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise LookupError("this clone lacks the history of the release before")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


async def migrate_while_serving(installation: Installation) -> None:
    """What an upgrade does first: new secrets, what each may do on the bus, and the databases."""
    make_secrets(installation.layout.secrets)
    state = installation.state
    Nats(installation.layout, state.ports["nats"]).program(users(installation.layout, state))
    os.kill(installation.pid("nats"), signal.SIGHUP)
    await provision(installation.databases, state.mission, state.site, exercise=state.exercise)


@asynccontextmanager
async def this_release_beside(installation: Installation) -> AsyncIterator[str]:
    """Our four services on ports of their own; gives the address of our gateway."""
    ports = installation.state.ports | {name: free_port() for name in SERVICES}
    state = replace(installation.state, ports=ports)
    around = Surroundings(installation.layout, state, installation.databases, installation.nats_url)
    async with AsyncExitStack() as exits:
        for name in SERVICES:
            beside = replace(program(around, name), name=f"{name}-beside")
            running = await start(beside, installation.layout)
            exits.push_async_callback(running.end)
        async with asyncio.timeout(READY_SECONDS):
            for name in SERVICES:
                while not await is_ready(ports[name]):
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        yield around.url("gateway")
