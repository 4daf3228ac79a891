"""`./parley test --soak MINUTES`: kills under load, and every checker at the end."""

import argparse
import asyncio
import random
import sys
from collections.abc import Sequence

from tests.soak.soaking import Plan, soak
from tests.soak.writing import a_seed

WRITES_PER_SECOND = 200.0
KILLS_PER_MINUTE = 6.0


def main(arguments: Sequence[str]) -> int:
    """0 when everything holds in the end, else 1."""
    parser = argparse.ArgumentParser(prog="./parley test --soak", description=__doc__)
    parser.add_argument("--soak", type=float, required=True, help="minutes", metavar="MINUTES")
    parser.add_argument("--seed", type=int, help="who dies when, as in another run")
    parser.add_argument("--writes", type=float, default=WRITES_PER_SECOND, help="a second, at most")
    parser.add_argument("--kills", type=float, default=KILLS_PER_MINUTE, help="a minute, about")
    told = parser.parse_args(arguments)
    seed = a_seed() if told.seed is None else told.seed
    plan = Plan(told.soak * 60, min(told.writes, WRITES_PER_SECOND), 60 / told.kills)
    print(f"seed {seed}: {told.soak:g} minutes, up to {plan.writes_per_second:g} writes a second")
    findings = asyncio.run(soak(plan, random.Random(seed), print))
    print("Everything holds." if not findings else "\n".join(["FAILED:", *findings]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
