"""Resting between two tries, for work that goes on for ever and survives every error."""

import asyncio


async def rest(seconds: float) -> None:
    """Sleep. Raises CancelledError when this task has been asked to end.

    A request to end is lost where it meets an error in the same moment, in `wait_for` (Python 3.11) or in
    a task group; whoever then tries again for ever could not be stopped.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError
    await asyncio.sleep(seconds)
