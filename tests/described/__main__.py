"""`./parley test --described N`: every operation as three personas, in all phases of Schemathesis.

Each persona has `--seconds`, less than a token lives: whoever goes on without one is refused everything,
which looks as if all were well. Most of the time is spent on making up what is sent.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Sequence

from tests.described.running import PERSONAS, Run, run
from tests.stack.installation import started_installation

EXAMPLES = 20
SECONDS = 540


def main(arguments: Sequence[str]) -> int:
    """0 when every check held, else 1."""
    parser = argparse.ArgumentParser(prog="./parley test --described", description=__doc__)
    parser.add_argument("--described", type=int, default=EXAMPLES, help="how many of each kind")
    parser.add_argument("--seed", type=int, help="send those of this seed again")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each persona")
    parser.add_argument("--as", dest="personas", nargs="+", choices=PERSONAS, default=PERSONAS)
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    failed, began = [], time.monotonic()
    with started_installation() as running:
        for persona in options.personas:
            asked = Run(seed, options.described, seconds=options.seconds)
            done = run(running, persona, asked)
            print(f"{persona}:\n{done.stdout}{done.stderr}")
            failed += [persona] if done.returncode else []
    print(f"seed {seed}, {time.monotonic() - began:.0f} s")
    if failed:
        again = f"./parley test --described {options.described} --seed {seed}"
        print(f"Not as described to {', '.join(failed)}; again: {again}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
