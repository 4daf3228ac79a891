"""Batches answer each item alone and in order; gathered questions share a query and no fate."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.batching import AT_ONCE, run_each
from shared.errors import AppError, RejectedError
from shared.gathering import Gatherer

ENOUGH_SECONDS = 5


async def test_each_item_is_answered_in_order() -> None:
    async def handle(item: int) -> int:
        await asyncio.sleep(0)
        if item % 2:
            raise RejectedError("odd")
        return item * 10

    answers = await run_each([0, 1, 2, 3], handle, lane=lambda item: item)

    assert [getattr(answer, "code", answer) for answer in answers] == [
        0,
        "rejected",
        20,
        "rejected",
    ]


async def test_an_unforeseen_fault_stays_with_its_item() -> None:
    async def handle(item: int) -> int:
        return 10 // item

    broken, fine = await run_each([0, 5], handle, lane=lambda item: item)

    assert isinstance(broken, AppError)
    assert (broken.status, fine) == (500, 2)


async def test_items_of_one_lane_keep_their_order() -> None:
    seen: list[str] = []

    async def handle(item: tuple[str, int]) -> None:
        await asyncio.sleep(0)
        seen.append(f"{item[0]}{item[1]}")

    items = [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", 3)]
    await run_each(items, handle, lane=lambda item: item[0])

    assert [one for one in seen if one[0] == "a"] == ["a1", "a2", "a3"]
    assert [one for one in seen if one[0] == "b"] == ["b1", "b2"]


async def test_no_more_run_at_once_than_there_is_room_for() -> None:
    running, most = 0, 0

    async def handle(_: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await run_each(range(500), handle, lane=lambda item: item)

    assert most == AT_ONCE


async def test_questions_asked_meanwhile_go_together() -> None:
    batches: list[list[int]] = []

    async def send(questions: Sequence[int]) -> list[int]:
        batches.append(list(questions))
        await asyncio.sleep(0)
        return [question * 10 for question in questions]

    gatherer = Gatherer(send, limit=100)
    answers = await asyncio.gather(*(gatherer.ask(number) for number in range(5)))

    assert answers == [0, 10, 20, 30, 40]
    assert batches == [[0, 1, 2, 3, 4]] or batches == [[0], [1, 2, 3, 4]]


async def test_a_failing_query_fails_all_who_shared_it_and_nobody_after() -> None:
    fails = True

    async def send(questions: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if fails:
            raise ConnectionError("gone")
        return list(questions)

    gatherer = Gatherer(send, limit=100)
    lost = await asyncio.gather(gatherer.ask(1), gatherer.ask(2), return_exceptions=True)
    fails = False

    assert [type(one) for one in lost] == [ConnectionError, ConnectionError]
    assert await gatherer.ask(3) == 3


async def test_a_cancelled_asker_takes_nobody_with_it() -> None:
    gate = asyncio.Event()
    begun = asyncio.Event()

    async def send(questions: Sequence[int]) -> list[int]:
        begun.set()
        await gate.wait()
        return list(questions)

    gatherer = Gatherer(send, limit=100)
    first = asyncio.create_task(gatherer.ask(1))
    second = asyncio.create_task(gatherer.ask(2))
    await begun.wait()
    first.cancel()
    gate.set()

    assert await second == 2
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_who_was_asked_together_goes_on_together() -> None:
    step, gate = 0, asyncio.Event()

    async def send(questions: Sequence[int]) -> list[int]:
        await gate.wait()
        return list(questions)

    async def ask(number: int) -> int:
        await gatherer.ask(number)
        return step

    gatherer = Gatherer(send, limit=100)
    askers = [asyncio.create_task(ask(number)) for number in range(10)]
    await asyncio.sleep(0)
    gate.set()
    while not all(asker.done() for asker in askers):
        await asyncio.sleep(0)
        step += 1

    assert len({await asker for asker in askers[2:]}) == 1


async def test_whoever_leaves_as_his_turn_to_send_comes_lets_the_next_send() -> None:
    gate = asyncio.Event()

    async def send(questions: Sequence[int]) -> list[int]:
        await gate.wait()
        if questions[0] == 1:
            asyncio.get_running_loop().call_soon(leaving.cancel)
        return list(questions)

    gatherer = Gatherer(send, limit=1)
    first, leaving, last = (asyncio.create_task(gatherer.ask(number)) for number in (1, 2, 3))
    await asyncio.sleep(0)
    gate.set()

    async with asyncio.timeout(ENOUGH_SECONDS):
        assert (await first, await last) == (1, 3)
    assert leaving.cancelled()


async def test_no_query_asks_more_than_it_may() -> None:
    batches: list[int] = []

    async def send(questions: Sequence[int]) -> list[int]:
        batches.append(len(questions))
        await asyncio.sleep(0)
        return list(questions)

    gatherer = Gatherer(send, limit=3)
    answers = await asyncio.gather(*(gatherer.ask(number) for number in range(8)))

    assert (answers, batches) == (list(range(8)), [1, 3, 3, 1])
