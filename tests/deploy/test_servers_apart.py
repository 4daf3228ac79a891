"""The operator's commands as its container runs them: data and keys on two servers, the bus over TLS.

What the container mounts, the bus's users and the names of databases are made by the code of compose; behind
them are servers of this machine. Slow: starts all services twice.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from cli.secrets import main as secrets_of_compose
from deploy.docker.bus import server_configuration
from deploy.docker.operator import prepare
from deploy.docker.secrets import make
from deploy.local.binaries import nats_server
from deploy.local.layout import ROOT, Layout
from deploy.local.state import free_port
from shared.key_ring import read_ring
from tests.deploy.ready_postgres import bare_postgres
from tests.e2e.partner import Partner, Persona
from tests.stack.installation import Installation, started_in
from tests.stack.servers import temporary_layout
from tests.thorough import in_ci_only

TOLD = {"PARLEY_MISSION": "demo", "PARLEY_SITE": "hq", "PARLEY_EXERCISE": "true"}
READY = b"Server is ready"


@dataclass(frozen=True)
class Site:
    """`layout` is the container's folder; `outside` what it is told of servers; `secrets` lie on the host."""

    layout: Layout
    secrets: Path
    outside: Mapping[str, str]

    def run(self, name: str, *arguments: str) -> str:
        """What the command prints; it must answer 0."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-P", "-m", "cli", name, "--var", str(self.layout.var), *arguments],
            cwd=ROOT,
            env={**os.environ, **self.outside, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def mount(self) -> None:
        """As each container does: what it is handed now."""
        prepare(self.layout, self.secrets / "operator", TOLD)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    secrets = tmp_path / "secrets"
    make(secrets)
    with ExitStack() as stack:
        layout = stack.enter_context(temporary_layout())
        data, keys = (stack.enter_context(bare_postgres()) for _ in range(2))
        outside = {
            "DATABASE_URL": data,
            "KEYSTORE_URL": keys,
            "NATS_URL": stack.enter_context(_bus(secrets, tmp_path)),
            "NATS_CA_FILE": str(secrets / "operator/ca.crt"),
        }
        made = Site(layout, secrets, outside)
        made.mount()
        yield made


@in_ci_only
async def test_an_installation_is_kept_safe_where_data_and_keys_lie_apart(
    site: Site, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    with started_in(site.layout, outside=site.outside) as running:
        kept = await _written(running)
        site.run("partitions", "--size", "1000")
        _rotate(site)
        late = await _written(running)
        site.run("backup", "--to", str(backup))
        lost = await _written(running)
        assert "breaks" not in site.run("verify")
    assert len(json.loads((backup / "manifest.json").read_text("utf-8"))["heads"]) == 3
    site.run("restore", str(backup), "--over")
    with started_in(site.layout, outside=site.outside) as running:
        await running.until_ready()
        assert await _names(running, kept, late, lost) >= {kept, late}
        site.run("verify")
    assert await _databases(site.outside["KEYSTORE_URL"]) == {"parley_keystore"}
    names = ("contacts", "engagements", "gateway", "reporting_read")
    assert await _databases(site.outside["DATABASE_URL"]) == {f"parley_{name}" for name in names}


def _rotate(site: Site) -> None:
    """On the host; the services here read their keys in the container's own folder."""
    assert secrets_of_compose(["rotate", str(site.secrets)]) == 0
    site.mount()
    site.run("keys", "rotate", "--finish")
    counted = json.loads(site.run("keys", "list", "--json"))
    for service, wrapped in counted["wrapped"].items():
        present, old = read_ring(site.secrets / f"all/kek-{service}.key")
        assert wrapped.keys() == {present.name, old.name}
        assert wrapped[old.name] == 0


async def _written(running: Installation) -> str:
    """The name of an organisation that was acknowledged."""
    name = f"Zq{uuid4().hex}"
    async with Partner(running.gateway_url, Persona.of(running.demo["personas"][0])) as partner:
        await partner.post("/v1/organisations", {"name": name})
    return name


async def _names(running: Installation, *names: str) -> set[str]:
    """Those of `names` that are found, once the first is."""
    async with Partner(running.gateway_url, Persona.of(running.demo["personas"][0])) as partner:
        async with asyncio.timeout(60):
            while not (await partner.get("/v1/organisations", q=names[0]))["items"]:
                await asyncio.sleep(0.2)
        found = [
            (name, (await partner.get("/v1/organisations", q=name))["items"]) for name in names
        ]
    return {name for name, items in found if items}


async def _databases(server: str) -> set[str]:
    """Those that were made there, and none that a restore left behind."""
    connection = await asyncpg.connect(server)
    try:
        rows = await connection.fetch(
            "select datname from pg_database where datname like 'parley%'"
        )
    finally:
        await connection.close()
    return {row["datname"] for row in rows}


@contextmanager
def _bus(secrets: Path, folder: Path) -> Iterator[str]:
    """The server of the compose file, on a port of this machine."""
    users = json.loads((secrets / "bus/users.json").read_text("utf-8"))
    port = free_port()
    settings = json.loads(server_configuration(users, TOLD["PARLEY_MISSION"], TOLD["PARLEY_SITE"]))
    settings |= {"listen": f"127.0.0.1:{port}", "jetstream": {"store_dir": str(folder / "store")}}
    del settings["http"]
    settings["tls"] |= {
        "cert_file": str(secrets / "nats/server.crt"),
        "key_file": str(secrets / "nats/server.key"),
    }
    (folder / "server.conf").write_text(json.dumps(settings))
    command = [str(nats_server()), "-c", str(folder / "server.conf")]
    log = folder / "nats.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stderr=said)  # noqa: S603 - our own server
    try:
        while READY not in log.read_bytes():
            assert process.poll() is None, log.read_text("utf-8")
        yield f"tls://localhost:{port}"
    finally:
        process.terminate()
        process.wait()
