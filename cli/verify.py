"""`./parley verify`: check every event store and its stream, and name the first bad position."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.databases import Databases, all_logins
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.postgres import Postgres
from deploy.local.secrets import passwords, seed_file
from deploy.local.services import Surroundings
from deploy.local.stack import Stack
from deploy.local.state import LOOPBACK, State, is_free, load_state, remembered_state
from shared.bus import REQUEST_SECONDS, Address, open_bus
from shared.eventstore.store import open_store
from shared.eventstore.verify import Breach, Progress, verify_store, verify_stream

STORES = ("contacts", "engagements", "gateway")


def main(arguments: Sequence[str]) -> int:
    """0 when every invariant holds, else 1. Works on a running and on a stopped installation."""
    parser = argparse.ArgumentParser(prog="./parley verify", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    layout = Layout(parser.parse_args(arguments).var.resolve())
    return asyncio.run(_verify(layout))


async def _verify(layout: Layout) -> int:
    failed = 0
    async with servers(layout) as around:
        for service in STORES:
            breaches = await _verify_service(around, service)
            failed += len(breaches)
            _report(service, breaches)
    print("Everything holds." if not failed else f"{failed} breaches.")
    return 1 if failed else 0


async def _verify_service(around: Surroundings, service: str) -> list[Breach]:
    address = Address(around.state.mission, around.state.site, service)
    seed = seed_file(around.layout.secrets, service)
    async with (
        open_store(around.databases.url(service, "app"), connections=2) as store,
        open_bus(around.nats_url, seed, name=service) as client,
    ):
        js = client.jetstream(timeout=REQUEST_SECONDS)
        breaches = await verify_store(store, _progress(service, "events"))
        return breaches + await verify_stream(store, js, address, _progress(service, "messages"))


def _progress(service: str, what: str) -> Progress:
    def tell(count: int) -> None:
        if sys.stdout.isatty():
            print(f"\r{service}: {count} {what}", end="", flush=True)

    return tell


def _report(service: str, breaches: list[Breach]) -> None:
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    print(f"{service}: {'holds' if not breaches else 'BREACHED'} (I1 I2 I3 I4 I5 I7 I8 I14)")
    for breach in breaches:
        print(f"  {breach.invariant} at position {breach.position}: {breach.what}")


@asynccontextmanager
async def servers(layout: Layout) -> AsyncIterator[Surroundings]:
    """The running servers, or ones started for this and stopped again."""
    state = remembered_state(layout)
    if state is None:
        raise LocalError("There is no installation here yet: ./parley up makes one.")
    if os.environ.get("DATABASE_URL") or not is_free(state.ports["postgres"]):
        yield _running(layout, state)
        return
    stopped = load_state(layout, exercise=False, gateway_port=None)
    async with Stack(layout, stopped, lambda words: None).servers() as around:
        yield around


def _running(layout: Layout, state: State) -> Surroundings:
    server = Postgres(layout, state.ports["postgres"])
    admin_url = os.environ.get("DATABASE_URL") or server.admin_url
    nats_url = os.environ.get("NATS_URL") or f"nats://{LOOPBACK}:{state.ports['nats']}"
    logins = passwords(layout.secrets, all_logins(state.prefix))
    return Surroundings(layout, state, Databases(admin_url, state.prefix, logins), nats_url)
