"""Whatever three personas send, the API answers as its document says, and never with a fault of its own.

Every operation is asked something at random. The edges of what it takes, thousands of cases, are tried for a
share of the operations, each persona its own; `./parley test --described N` tries them for all.
"""

import asyncio
from collections.abc import Iterator

import pytest

from tests.described.running import PERSONAS, Run, operations, run
from tests.stack.installation import Installation, started_installation
from tests.thorough import one_in

SEED = 20261129
SHARES = one_in(36, thorough=12)


@pytest.fixture(scope="module")
def open_to_chance() -> Iterator[Installation]:
    """Of its own: whoever administers access may suspend others' personas."""
    with started_installation() as running:
        yield running


# One persona after the other: after the one who administers access, others may be suspended.
@pytest.mark.parametrize("edges", [False, True], ids=["anything", "edges"])
@pytest.mark.parametrize("persona", PERSONAS, scope="module")
async def test_whatever_is_asked_is_answered_as_described(
    open_to_chance: Installation, persona: str, edges: bool
) -> None:
    share = operations(open_to_chance)[PERSONAS.index(persona) :: SHARES]
    asked = Run(SEED, 1, ("coverage",), share) if edges else Run(SEED, 1, ("fuzzing",))
    done = await asyncio.to_thread(run, open_to_chance, persona, asked)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout[-300:])
