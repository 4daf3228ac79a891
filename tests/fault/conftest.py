"""The same store fixtures as the service tests."""

from tests.service.conftest import address, client, installed, store, store_address

__all__ = ["address", "client", "installed", "store", "store_address"]
