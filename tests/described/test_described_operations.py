"""Whatever three personas send, the API answers as its document says, and never with a fault of its own.

Every operation is asked something at random. The edges of what it takes, thousands of cases, are tried for a
share of the operations, each persona its own; `./parley test --described N` tries them for all.
"""

import asyncio
from collections.abc import Iterator

import pytest

from tests.described.running import PERSONAS, Run, operations, run
from tests.stack.installation import Installation, started_installation

SEED = 20261129
EXAMPLES = 1
SHARES = 12


@pytest.fixture(scope="module")
def open_to_chance() -> Iterator[Installation]:
    """Of its own: whoever administers access may suspend others' personas."""
    with started_installation() as running:
        yield running


@pytest.mark.parametrize("persona", PERSONAS)
async def test_whatever_is_asked_is_answered_as_described(
    open_to_chance: Installation, persona: str
) -> None:
    await _holds(open_to_chance, persona, Run(SEED, EXAMPLES, ("fuzzing",)))


@pytest.mark.parametrize("persona", PERSONAS)
async def test_the_edges_of_what_is_taken_are_as_described(
    open_to_chance: Installation, persona: str
) -> None:
    share = operations(open_to_chance)[PERSONAS.index(persona) :: SHARES]
    await _holds(open_to_chance, persona, Run(SEED, 1, ("coverage",), share))


async def _holds(running: Installation, persona: str, asked: Run) -> None:
    done = await asyncio.to_thread(run, running, persona, asked)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout[-300:])
