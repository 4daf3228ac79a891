"""The four services: the environment of each, and starting it."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from deploy.local import processes
from deploy.local.databases import KEYSTORE, READ_DATABASE, Databases
from deploy.local.layout import LOOPBACK, ROOT, Var

SERVICES = ("contacts", "engagements", "reporting", "gateway")
READY_SECONDS = 60
ASK_SECONDS = 3
# Longer than the gateway keeps an idle connection, so that it never finds one closed.
KEEP_ALIVE_SECONDS = 75
GRACE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Installation:
    """All a service's environment is made of."""

    var: Var
    mission: str
    site: str
    databases: Databases
    nats_url: str
    gateway_port: int
    policy_file: Path = ROOT / "deploy/policy/mission.toml"

    def port(self, service: str) -> int:
        return self.gateway_port if service == "gateway" else self.var.port(service)

    def url(self, service: str) -> str:
        host = "localhost" if service == "gateway" else LOOPBACK
        return f"http://{host}:{self.port(service)}"


def environment(installation: Installation, service: str) -> dict[str, str]:
    """What `service` is told, and nothing more: it sees no other service's secrets in it."""
    own = {
        "SERVICE": service,
        "MISSION": installation.mission,
        "SITE": installation.site,
        "HOST": LOOPBACK,
        "PORT": str(installation.port(service)),
        "NATS_URL": installation.nats_url,
        "NATS_SEED_FILE": str(installation.var.secrets / f"nats-{service}.seed"),
        "SECRETS_DIR": str(installation.var.secrets),
        "POLICY_FILE": str(installation.policy_file),
        "KEYSTORE_URL": installation.databases.url(KEYSTORE, service),
        **_of_its_own(installation, service),
    }
    passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    named = {f"PARLEY_{name}": value for name, value in own.items()}
    return {**passed, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **named}


def _of_its_own(installation: Installation, service: str) -> dict[str, str]:
    databases = installation.databases
    if service == "reporting":
        return {
            "READ_URL": databases.url(READ_DATABASE, "reader"),
            "PROJECTOR_URL": databases.url(READ_DATABASE, "projector"),
        }
    own = {"DATABASE_URL": databases.url(service, "app")}
    if service == "gateway":
        own["PUBLIC_URL"] = installation.url("gateway")
        for upstream in ("contacts", "engagements", "reporting"):
            own[f"{upstream.upper()}_URL"] = installation.url(upstream)
    return own


async def start(installation: Installation, service: str) -> asyncio.subprocess.Process:
    return await processes.start(
        [
            sys.executable, "-m", "uvicorn", "--factory", f"services.{service}.app:create",
            "--host", LOOPBACK, "--port", str(installation.port(service)),
            "--no-access-log", "--log-level", "warning",
            "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS),
            "--timeout-graceful-shutdown", str(GRACE_SECONDS),
        ],
        log=installation.var.log / f"{service}.log",
        environment=environment(installation, service),
    )  # fmt: skip


async def is_ready(
    session: aiohttp.ClientSession, installation: Installation, service: str
) -> bool:
    url = f"http://{LOOPBACK}:{installation.port(service)}/health/ready"
    try:
        timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
        async with session.get(url, timeout=timeout) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
