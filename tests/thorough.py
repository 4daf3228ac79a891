"""How much is tried: in CI as much as was promised, while working a part of that."""

import os

import pytest

THOROUGH = os.environ.get("PARLEY_THOROUGH") == "1"  # set by `./parley test --ci`

# For what takes a minute and more, and repeats at length what shorter tests show in part.
in_ci_only = pytest.mark.skipif(not THOROUGH, reason="tried with --ci")


def times(quick: int, *, thorough: int) -> int:
    """How often chance is tried."""
    return thorough if THOROUGH else quick


def one_in(quick: int, *, thorough: int = 1) -> int:
    """Of how many alike, such as pages or requests, one is tried."""
    return times(quick, thorough=thorough)
