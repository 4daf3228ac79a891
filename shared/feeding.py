"""Statements one after the other: while the database works on one, what the next one takes is made."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.interning import Connection

# Rounds of the loop in which a statement is begun, handed over, and sent to its last byte.
ROUNDS_TO_SEND = 4


async def feed(
    connection: "Connection", statements: Iterable[tuple[str, Sequence[object]]]
) -> None:
    """Execute each with its values, in order. `statements` makes one when it is asked for it.

    Within a transaction, which must fail when this does.
    """
    under_way: asyncio.Task[str] | None = None
    try:
        for statement, values in statements:
            if under_way:
                await under_way
            under_way = asyncio.create_task(connection.execute(statement, *values))
            for _ in range(ROUNDS_TO_SEND):
                await asyncio.sleep(0)
        if under_way:
            await under_way
    finally:
        if under_way and not under_way.done():
            under_way.cancel()
            await asyncio.wait([under_way])
