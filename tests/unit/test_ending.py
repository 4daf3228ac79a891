"""Work that goes on for ever can be ended."""

import asyncio

import pytest

from shared import ending


async def test_a_task_that_forgot_it_was_to_end_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "AGAIN_SECONDS", 0.01)
    begun = asyncio.Event()

    async def for_ever() -> None:
        forgets = True
        while True:
            try:
                begun.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if not forgets:
                    raise
                forgets = False

    task = asyncio.create_task(for_ever())
    await begun.wait()
    async with asyncio.timeout(5):
        await ending.ended(task)
    assert task.cancelled()


async def test_whoever_has_ended_already_is_no_trouble() -> None:
    done = asyncio.create_task(asyncio.sleep(0))
    await done
    await ending.ended(done)
