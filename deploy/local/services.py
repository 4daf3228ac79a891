"""The four services: what each is told in its environment, and asking whether it is ready."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.databases import Databases
from deploy.local.layout import POLICY, ROOT, Layout
from deploy.local.process import Program
from deploy.local.secrets import seed_file
from deploy.local.state import LOOPBACK, State

ASK_SECONDS = 4.0
# Longer than the gateway keeps an idle connection, so that it never finds one closed.
KEEP_ALIVE_SECONDS = 75
GRACE_SECONDS = 3
# Services whose records can be removed.
REMOVING = ("contacts", "engagements")
LOOPBACK_NETWORKS = "127.0.0.0/8,::1/128"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that a service's environment is made of."""

    layout: Layout
    state: State
    databases: Databases
    nats_url: str
    nats_ca: Path | None = None

    def url(self, service: str) -> str:
        host = "localhost" if service == "gateway" else LOOPBACK
        return f"http://{host}:{self.state.ports[service]}"


def program(around: Surroundings, service: str) -> Program:
    arguments = [
        sys.executable,
        "-P",
        "-m",
        "uvicorn",
        "--factory",
        f"services.{service}.app:create",
    ]
    arguments += ["--host", LOOPBACK, "--port", str(around.state.ports[service])]
    arguments += ["--no-access-log", "--no-server-header", "--no-proxy-headers"]
    arguments += ["--log-level", "warning", "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS)]
    arguments += ["--timeout-graceful-shutdown", str(GRACE_SECONDS)]
    return Program(service, tuple(arguments), environment(around, service))


def environment(around: Surroundings, service: str) -> dict[str, str]:
    """What `service` is told, and nothing more: it hears of no other service's logins."""
    told = {
        "SERVICE": service,
        "MISSION": around.state.mission,
        "SITE": around.state.site,
        "HOST": LOOPBACK,
        "PORT": str(around.state.ports[service]),
        "NATS_URL": around.nats_url,
        "NATS_SEED_FILE": str(seed_file(around.layout.secrets, service)),
        "SECRETS_DIR": str(around.layout.secrets),
        "POLICY_FILE": str(POLICY),
        "KEYSTORE_URL": around.databases.url("keystore", service),
        **_of_its_own(around, service),
    }
    if around.nats_ca:
        told["NATS_CA_FILE"] = str(around.nats_ca)
    if level := os.environ.get("PARLEY_LOG_LEVEL"):
        told["LOG_LEVEL"] = level
    named = {f"PARLEY_{name}": value for name, value in told.items()}
    return {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **named}


def _of_its_own(around: Surroundings, service: str) -> dict[str, str]:
    databases = around.databases
    if service == "reporting":
        return {
            "READ_URL": databases.url("reporting_read", "reader"),
            "PROJECTOR_URL": databases.url("reporting_read", "projector"),
        }
    own = {"DATABASE_URL": databases.url(service, "app")}
    if service in REMOVING:
        own["LEDGER_DIR"] = str(around.layout.removed)
    if service == "gateway":
        own["PUBLIC_URL"] = around.url("gateway")
        if around.state.exercise:  # so that a receiver on the same machine can be tried
            own["WEBHOOK_NETWORKS"] = LOOPBACK_NETWORKS
        for upstream in ("contacts", "engagements", "reporting"):
            own[f"{upstream.upper()}_URL"] = around.url(upstream)
    return own


async def is_ready(port: int) -> bool:
    """Whether the service on `port` answers `GET /health/ready` with 200."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            writer.write(
                f"GET /health/ready HTTP/1.1\r\nHost: localhost:{port}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            status = await reader.readline()
    except (OSError, TimeoutError):
        return False
    writer.close()
    return status.split()[1:2] == [b"200"]
