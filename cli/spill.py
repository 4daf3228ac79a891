"""`./parley spill`: destroy what is held of a record that should never have held what it holds."""

from collections.abc import Sequence

from cli.removing import removing
from shared.contracts.removals import Ground


def main(arguments: Sequence[str]) -> int:
    return removing(Ground.SPILL, arguments)
