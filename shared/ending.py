"""Ending tasks that go on for ever and survive every error."""

import asyncio
from contextlib import suppress
from typing import Any

AGAIN_SECONDS = 1.0


async def ended(*tasks: "asyncio.Task[Any]") -> None:  # Any: nobody asks what they answer
    """Cancel until all have ended. What they raise is not raised here.

    Once is not enough: `wait_for` of Python 3.11 forgets a cancellation that comes in the moment in which
    what it waits for fails, and who then tries again would be waited for without end.
    """
    pending = {*tasks}
    while pending:
        for task in pending:
            task.cancel()
        with suppress(asyncio.CancelledError):
            _, pending = await asyncio.wait(pending, timeout=AGAIN_SECONDS)
