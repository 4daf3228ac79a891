"""An installation that may be harmed."""

from collections.abc import Iterator

import pytest

from tests.stack.installation import Installation, started_installation


@pytest.fixture(scope="package")
def killable() -> Iterator[Installation]:
    """One for all tests that kill what runs in it; well again after each, with more records."""
    with started_installation() as running:
        yield running
