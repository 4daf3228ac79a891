"""The same store fixtures as the service tests."""

from pathlib import Path

import pytest

from tests.service.conftest import address, client, installed, store, store_address

__all__ = ["address", "client", "installed", "store", "store_address"]

# The bus's client leaves a connection to the collector when a server dies while it connects.
_LEFT = "Exception ignored in. <function StreamWriter.__del__"
LEFT_OPEN = f"ignore:{_LEFT}:pytest.PytestUnraisableExceptionWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Only here, where servers are killed, nothing is made of it; the collector comes by in any test."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings(LEFT_OPEN))
