"""Child processes that never outlive their parent, and stop when they are told."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


async def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
    on_parents_death: signal.Signals = signal.SIGTERM,
) -> asyncio.subprocess.Process:
    """In a session of its own: Ctrl-C reaches only the parent, which then stops all in order."""
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            *map(str, command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=dict(environment) if environment is not None else None,
            user=user,
            group=user,
            extra_groups=[] if user is not None else None,
            start_new_session=True,
            preexec_fn=_dies_with_parent(on_parents_death),
        )


async def stop(process: asyncio.subprocess.Process, with_signal: signal.Signals) -> None:
    """Ask, wait, and end it if it does not listen."""
    if process.returncode is not None:
        return
    process.send_signal(with_signal)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _dies_with_parent(with_signal: signal.Signals) -> Callable[[], None] | None:
    """Linux only; elsewhere a parent's sudden death leaves its children to the next start."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(with_signal))
        if os.getppid() != parent:
            os._exit(1)

    return ask
