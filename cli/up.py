"""`./parley up`: everything on this machine, from nothing to a URL, until Ctrl-C."""

import argparse
import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from deploy.local.alone import LOCK, alone
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.personas import make_personas
from deploy.local.stack import Stack
from deploy.local.state import GATEWAY_PORT, load_state


@dataclass(frozen=True, slots=True)
class Options:
    demo: bool
    exercise: bool
    fresh: bool
    port: int | None
    var: Path


def main(arguments: Sequence[str]) -> int:
    """Runs until it is told to stop. Raises LocalError when it cannot."""
    options = _parsed(arguments)
    layout = Layout(options.var.resolve())
    layout.make()
    with alone(layout):
        if options.fresh:
            _delete(layout)
        if layout.restoring.exists():
            raise LocalError(
                "A restore was cut off here. Run it again, ./parley restore FOLDER, or start over "
                "with --fresh: it deletes what is here."
            )
        layout.make()
        asyncio.run(_until_told(layout, options))
    return 0


def _parsed(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="./parley up", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="an exercise with invented people")
    parser.add_argument("--exercise", action="store_true", help="an exercise, still empty")
    parser.add_argument("--fresh", action="store_true", help="delete what is there and start over")
    parser.add_argument("--port", type=int, help=f"the gateway's port (default {GATEWAY_PORT})")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    return Options(**vars(parser.parse_args(arguments)))


async def _until_told(layout: Layout, options: Options) -> None:
    """Stops in order on Ctrl-C, on SIGTERM and on failure."""
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    running = asyncio.create_task(_run(layout, options))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        print("Stopping", flush=True)
        running.cancel()
    stopping.cancel()
    try:
        await running
    except asyncio.CancelledError:
        print("Stopped", flush=True)


async def _run(layout: Layout, options: Options) -> None:
    began = time.monotonic()
    state = load_state(layout, exercise=options.demo or options.exercise, gateway_port=options.port)
    stack = Stack(layout, state, _say)
    async with stack.servers() as around:
        if state.exercise:
            await make_personas(around)
        async with stack.services(around):
            url = around.url("gateway")
            if options.demo:
                await _load_demo(layout, url)
            _say(f"Ready after {time.monotonic() - began:.0f} s: {url}  (Ctrl-C stops)")
            await stack.failed


async def _load_demo(layout: Layout, url: str) -> None:
    """Once: what people changed since must not be loaded over."""
    done = layout.var / "demo.loaded"
    if done.exists():
        return
    load: Callable[[Path, str], Awaitable[None]] = import_module("cli.demo").load
    _say("Loading the demo")
    await load(layout.var, url)
    done.touch()


def _delete(layout: Layout) -> None:
    """Everything this installation made under its folder, but the lock that is held."""
    if os.environ.get("DATABASE_URL"):
        raise LocalError(
            "--fresh does not delete databases on an outside server (DATABASE_URL). "
            "Drop them there, or choose others with PARLEY_DATABASE_PREFIX."
        )
    folders = (layout.secrets, layout.logs, layout.pids, layout.postgres, layout.nats)
    for folder in (*folders, layout.removed):
        shutil.rmtree(folder, ignore_errors=True)
    for file in layout.var.iterdir():
        if file.is_file() and file.name != LOCK:
            file.unlink()


def _say(words: str) -> None:
    print(words, flush=True)
