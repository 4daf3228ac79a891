"""Work that goes on for ever can be stopped."""

import asyncio

import pytest

from shared.resting import rest


async def test_a_request_to_end_that_met_an_error_is_not_forgotten() -> None:
    begun = asyncio.Event()

    async def for_ever() -> None:
        while True:
            try:
                begun.set()
                await _lose_a_request_to_end()
            except OSError:
                await rest(0)

    task = asyncio.create_task(for_ever())
    await begun.wait()
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert task in done
    assert task.cancelled()


async def test_one_who_is_not_asked_to_end_goes_on() -> None:
    await rest(0)


async def _lose_a_request_to_end() -> None:
    """As a refused connection does that is cancelled in the moment it fails."""
    with pytest.raises(asyncio.CancelledError):
        await asyncio.Event().wait()
    raise ConnectionRefusedError
