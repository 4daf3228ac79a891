"""`./parley up`: everything on this machine, from nothing to a URL, until Ctrl-C."""

import argparse
import asyncio
import fcntl
import importlib
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.layout import ROOT, SayError, Var, is_free
from deploy.local.stack import Stack

PORT = 8080


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./parley up", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="an exercise with invented people")
    parser.add_argument("--fresh", action="store_true", help="delete what is there and start over")
    parser.add_argument("--port", type=int, help=f"the gateway's port (default {PORT})")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    var = Var(options.var.resolve())
    with _alone(var):
        if options.fresh:
            _delete(var)
        var.make()
        asyncio.run(_up(var, _port(var, options.port), exercise=_exercise(var, options.demo)))
    return 0


async def _up(var: Var, port: int, *, exercise: bool) -> None:
    began = time.monotonic()
    stop = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    running = asyncio.create_task(_run(var, port, began, stop, exercise=exercise))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        _say("Stopping")
        running.cancel()
    stopping.cancel()
    try:
        await running
    except asyncio.CancelledError:
        _say("Stopped")


async def _run(var: Var, port: int, began: float, stop: asyncio.Event, *, exercise: bool) -> None:
    async with Stack(var, gateway_port=port, exercise=exercise, say=_say) as stack:
        url = stack.installation.url("gateway")
        if exercise:
            demo = importlib.import_module("cli.demo")
            await demo.load(stack, _say)
        _say(f"Ready after {time.monotonic() - began:.0f} s: {url}   (Ctrl-C stops)")
        await stop.wait()


def _exercise(var: Var, asked: bool) -> bool:
    """An installation is an exercise from its first start for ever, or never."""
    known = var.remembered("installation")
    if not known:
        var.remember("installation", {"exercise": asked})
        return asked
    if asked and not known["exercise"]:
        raise SayError("This installation is not an exercise. --fresh --demo starts one over.")
    return bool(known["exercise"])


def _port(var: Var, asked: int | None) -> int:
    port = asked or int(var.remembered("ports").get("gateway", PORT))
    if not is_free(port):
        raise SayError(f"Port {port} is taken; choose another with --port.")
    var.remember("ports", var.remembered("ports") | {"gateway": port})
    return port


def _delete(var: Var) -> None:
    for entry in var.path.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


@contextmanager
def _alone(var: Var) -> Iterator[None]:
    """One `up` per folder."""
    try:
        var.path.mkdir(parents=True, exist_ok=True)
        lock = (var.path / "lock").open("a")
    except OSError as error:
        raise SayError(f"{var.path} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SayError("Parley already runs in this folder; Ctrl-C there stops it.") from None
        yield


def _say(words: str) -> None:
    print(words, flush=True)
    sys.stdout.flush()
