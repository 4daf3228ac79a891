"""`./parley erase`: destroy what is held of a person, for that person's sake."""

from collections.abc import Sequence

from cli.removing import removing
from shared.contracts.removals import Ground


def main(arguments: Sequence[str]) -> int:
    return removing(Ground.ERASURE, arguments)
