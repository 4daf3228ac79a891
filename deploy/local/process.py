"""A program as a child process: ends with us, is remembered, and is stopped in order."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.local.layout import ROOT, Layout, write_private
from deploy.local.unprivileged import Account

LAUNCH = Path(__file__).with_name("launch.py")
STOP_SECONDS = 15.0
KILL_SECONDS = 5.0
START_TIME_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True)
class Program:
    """What to run. `stop` asks it to end in order."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict, repr=False)  # holds passwords
    stop: signal.Signals = signal.SIGTERM
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Running:
    program: Program
    process: asyncio.subprocess.Process

    async def wait(self) -> int:
        return await self.process.wait()

    async def end(self) -> None:
        """In order if it will, by force if it will not."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(self.program.stop)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


async def start(program: Program, layout: Layout) -> Running:
    """Call from the main thread: on Linux the child ends with the thread that started it."""
    with layout.log(program.name).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *_launched(program),
            cwd=ROOT if program.account is None else "/",
            env=_environment() | program.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops in order
        )
    _remember(layout, program.name, process.pid)
    return Running(program, process)


def clean_up(layout: Layout) -> None:
    """End what a killed supervisor of this installation left running (on macOS)."""
    left = [process for path in layout.pids.glob("*.json") if (process := _ours(path))]
    for process in left:
        process.terminate()
    _, stubborn = psutil.wait_procs(left, STOP_SECONDS)
    for process in stubborn:
        process.kill()
    psutil.wait_procs(stubborn, KILL_SECONDS)
    for path in layout.pids.glob("*.json"):
        path.unlink()


def pid_of(layout: Layout, name: str) -> int:
    """The process id `name` was last started with."""
    pid: int = json.loads((layout.pids / f"{name}.json").read_text("utf-8"))["pid"]
    return pid


def _launched(program: Program) -> list[str]:
    account = program.account
    user = account.name if account else "-"
    capability = "-" if account is None or account.capability is None else str(account.capability)
    told = [str(os.getpid()), str(int(program.stop)), user, capability]
    return [sys.executable, "-I", "-S", str(LAUNCH), *told, "--", *program.arguments]


def _environment() -> dict[str, str]:
    """Only what any program needs: nothing of the user's shell reaches a service by chance."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return {"LANG": "C.UTF-8", "TZ": "UTC", **kept}


def _remember(layout: Layout, name: str, pid: int) -> None:
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    write_private(layout.pids / f"{name}.json", json.dumps({"pid": pid, "started": started}))


def _ours(path: Path) -> psutil.Process | None:
    """The process a pid file names, if it is still the one that we started."""
    noted = json.loads(path.read_text("utf-8"))
    try:
        process = psutil.Process(noted["pid"])
        started = process.create_time()
    except psutil.NoSuchProcess:
        return None
    same = abs(started - noted["started"]) < START_TIME_TOLERANCE_SECONDS
    return process if same else None
