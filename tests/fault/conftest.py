"""The same store fixtures as the service tests."""

from tests.service.conftest import address, client, store, store_address

__all__ = ["address", "client", "store", "store_address"]
