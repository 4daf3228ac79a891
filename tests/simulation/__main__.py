"""`python -m tests.simulation`: any number of histories, or one again. Prints seeds that break a promise."""

import argparse
import logging
import secrets
import sys
import time
from collections.abc import Sequence

from tests.simulation.history import Outcome, play

SEEDS = 500


def main(arguments: Sequence[str]) -> int:
    """0 when every promise was kept in every history, else 1."""
    parser = argparse.ArgumentParser(prog="./parley test --seeds", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many histories")
    parser.add_argument("--seed", type=int, help="play this one again, and tell its faults")
    options = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    first = secrets.randbelow(2**32) if options.seed is None else options.seed
    began = time.monotonic()
    played = [
        play(first + each) for each in range(1 if options.seed is not None else options.seeds)
    ]
    failed = [outcome for outcome in played if outcome.breaches]
    for outcome in failed if options.seed is None else played:
        print(told(outcome))
    events = sum(outcome.events for outcome in played)
    faults = sum(len(outcome.faults) for outcome in played)
    print(
        f"{len(played)} histories from seed {first}: {events} events, {faults} faults, "
        f"{len(failed)} broken, {time.monotonic() - began:.1f} s"
    )
    return 1 if failed else 0


def told(outcome: Outcome) -> str:
    """The seed, what happened to it, and what did not hold."""
    lines = [f"seed {outcome.seed}: {', '.join(outcome.faults)}", *outcome.breaches]
    return "\n  ".join(lines) + f"\n  again: ./parley test --seed {outcome.seed}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
