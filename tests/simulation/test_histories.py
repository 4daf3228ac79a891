"""Promise: whatever chance does, append, relay and projection keep I1-I10, I13 and I14, and come to rest.

Slow because it is hundreds of histories (500 in CI), each with crashes, lost acks, unknown COMMITs, zombies
and lost streams.
"""

import logging
from collections.abc import Iterator

import pytest

from tests.simulation.__main__ import told
from tests.simulation.history import Rules, play
from tests.thorough import times

HISTORIES = times(200, thorough=500)
ENOUGH_TO_NOTICE = 100


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_histories_of_chance_keep_every_promise() -> None:
    broken = [told(outcome) for outcome in map(play, range(HISTORIES)) if outcome.breaches]
    assert not broken, "\n".join(broken)


def test_a_seed_plays_the_same_history_again() -> None:
    assert play(7) == play(7)


def test_another_seed_plays_another_history() -> None:
    assert play(7).head != play(8).head


@pytest.mark.parametrize(
    ("rules", "invariant"),
    [
        (Rules(fenced=False), "I7"),
        (Rules(compares=False), "I13"),
        (Rules(remembers_commands=False), "I5"),
    ],
    ids=["a stream without fences", "a checkpoint that is not compared", "forgotten commands"],
)
def test_a_wall_that_is_taken_away_is_missed(rules: Rules, invariant: str) -> None:
    """Or the checks would prove nothing."""
    played = (play(seed, rules) for seed in range(ENOUGH_TO_NOTICE))
    assert any(invariant in breach for outcome in played for breach in outcome.breaches)
