"""PostgreSQL and NATS for a test run, from the same code as `./parley up`, in a thread of their own.

The thread's event loop lives as long as the run, whatever loops the tests come and go with.
"""

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from deploy.local.layout import Layout

START_SECONDS = 120
PASSABLE = 0o755

Made = TypeVar("Made")


@contextmanager
def temporary_layout() -> Iterator[Layout]:
    """A state folder that PostgreSQL's user may enter even when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="parley-test-"))
    folder.chmod(PASSABLE)
    layout = Layout(folder / "var")
    layout.make()
    try:
        yield layout
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def in_background(
    open_up: Callable[["asyncio.Event", "Future[Made]"], Awaitable[None]],
) -> Iterator[Made]:
    """Runs `open_up(stop, made)` in a loop of its own until the block ends; gives what it made."""
    made: Future[Made] = Future()
    loops: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        stop = asyncio.Event()
        loops.set_result((asyncio.get_running_loop(), stop))
        try:
            await open_up(stop, made)
        except BaseException as wrong:
            if made.done():
                raise
            made.set_exception(wrong)

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="servers", daemon=True)
    thread.start()
    loop, stop = loops.result(START_SECONDS)
    try:
        yield made.result(START_SECONDS)
    finally:
        if loop.is_running():
            loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)
