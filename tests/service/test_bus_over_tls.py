"""The bus over TLS: encrypted from the first byte, with the one authority that is trusted, or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.docker.bus import server_configuration
from deploy.docker.secrets import make
from deploy.local.binaries import nats_server
from deploy.local.state import free_port
from shared.bus import open_bus

SERVER_SECONDS = 15
REFUSED_SECONDS = 1.5
READY = b"Server is ready"


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    make(folder)
    return folder


@pytest.fixture
async def url(secrets: Path, tmp_path: Path) -> AsyncIterator[str]:
    """The server of the compose file, on a port of this machine."""
    users = json.loads((secrets / "bus/users.json").read_text("utf-8"))
    port = free_port()
    settings = json.loads(server_configuration(users, "demo", "hq"))
    settings |= {"listen": f"127.0.0.1:{port}", "jetstream": {"store_dir": str(tmp_path / "store")}}
    del settings["http"]
    settings["tls"] |= {
        "cert_file": str(secrets / "nats/server.crt"),
        "key_file": str(secrets / "nats/server.key"),
    }
    (tmp_path / "server.conf").write_text(json.dumps(settings))
    process = await asyncio.create_subprocess_exec(
        nats_server(), "-c", tmp_path / "server.conf", stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(SERVER_SECONDS):
            assert process.stderr
            while READY not in await process.stderr.readline():
                pass
        yield f"tls://localhost:{port}"
    finally:
        process.terminate()
        await process.communicate()


async def test_a_service_connects_with_the_authority_it_was_given(url: str, secrets: Path) -> None:
    seed, authority = secrets / "contacts/nats-contacts.seed", secrets / "contacts/ca.crt"
    async with open_bus(url, seed, name="contacts", ca_file=authority) as client:
        await client.flush()
        assert client.is_connected


async def test_another_authority_is_not_trusted(url: str, secrets: Path, tmp_path: Path) -> None:
    make(tmp_path / "others")
    seed, other = secrets / "contacts/nats-contacts.seed", tmp_path / "others/contacts/ca.crt"
    with pytest.raises(TimeoutError):
        async with (
            asyncio.timeout(REFUSED_SECONDS),
            open_bus(url, seed, name="contacts", ca_file=other),
        ):
            pass


async def test_who_speaks_in_clear_is_told_nothing(url: str) -> None:
    reader, writer = await asyncio.open_connection("localhost", int(url.rpartition(":")[2]))
    writer.write(b"CONNECT {}\r\n")
    async with asyncio.timeout(SERVER_SECONDS):
        heard = await reader.read()
    assert b"INFO" not in heard
    writer.close()
