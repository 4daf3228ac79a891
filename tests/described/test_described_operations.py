"""Whatever three personas send, the API answers as its document says, and never with a fault of its own.

Every operation is asked something at random. The edges of what it takes, thousands of cases, are tried for a
share of the operations, each persona its own; `./parley test --described N` tries them for all.
"""

import asyncio
from collections.abc import Iterator

import pytest

from tests.described.running import PERSONAS, Run, operations, run
from tests.stack.installation import Installation, started_installation
from tests.thorough import times

SEED = 20261129
EXAMPLES = times(1, thorough=2)
SHARES = times(12, thorough=6)


@pytest.fixture(scope="module")
def open_to_chance() -> Iterator[Installation]:
    """Of its own: whoever administers access may suspend others' personas."""
    with started_installation() as running:
        yield running


@pytest.mark.parametrize("persona", PERSONAS)
async def test_whatever_is_asked_is_answered_as_described(
    open_to_chance: Installation, persona: str
) -> None:
    share = operations(open_to_chance)[PERSONAS.index(persona) :: SHARES]
    for asked in (Run(SEED, EXAMPLES, ("fuzzing",)), Run(SEED, 1, ("coverage",), share)):
        done = await asyncio.to_thread(run, open_to_chance, persona, asked)
        assert done.returncode == 0, done.stdout + done.stderr
        print(done.stdout[-300:])
