"""What an installation remembers of itself: mission, site, whether it is an exercise, its ports."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, replace

from deploy.local.errors import LocalError
from deploy.local.layout import Layout, write_private

SERVICES = ("contacts", "engagements", "reporting", "gateway")
LOOPBACK = "127.0.0.1"
GATEWAY_PORT = 8080
SITE = "hq"
# Below what Linux (32768) and macOS (49152) begin to give to outgoing connections.
PORTS = range(20_000, 32_768)


@dataclass(frozen=True, slots=True)
class State:
    """`ports` by name: postgres, nats and each service."""

    mission: str
    site: str
    exercise: bool
    prefix: str
    ports: dict[str, int]


def load_state(layout: Layout, *, exercise: bool, gateway_port: int | None) -> State:
    """The remembered state, or a new one; ports that others took meanwhile are chosen anew.

    Raises LocalError when the gateway's port is taken, or when an exercise is asked of an
    installation that is none.
    """
    found = remembered_state(layout)
    if found and exercise and not found.exercise:
        raise LocalError(
            "This installation is not an exercise and never becomes one. "
            "Use another folder for the demo, or start over with --fresh: it deletes what is here."
        )
    state = found or _new(exercise=exercise)
    state = replace(state, ports=_ports(state.ports, gateway_port))
    write_private(layout.state, json.dumps(asdict(state), indent=1))
    return state


def remembered_state(layout: Layout) -> State | None:
    """What an earlier start wrote; None before the first."""
    if not layout.state.exists():
        return None
    return State(**json.loads(layout.state.read_text("utf-8")))


def _new(*, exercise: bool) -> State:
    prefix = os.environ.get("PARLEY_DATABASE_PREFIX", "parley_")
    return State("demo" if exercise else "main", SITE, exercise, prefix, {})


def _ports(remembered: dict[str, int], gateway_port: int | None) -> dict[str, int]:
    gateway = gateway_port if gateway_port is not None else remembered.get("gateway", GATEWAY_PORT)
    if gateway and not is_free(gateway):
        raise LocalError(
            f"Port {gateway} is taken by another program. "
            "Stop it, or choose another port, for example: ./parley up --port 8090"
        )
    ports = {"gateway": gateway or free_port()}
    for name in ("postgres", "nats", *SERVICES[:-1]):
        port = remembered.get(name, 0)
        ports[name] = port if port and is_free(port) else free_port(set(ports.values()))
    return ports


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(avoid: set[int] | None = None) -> int:
    """A port nobody listens on now, that is not in `avoid` and that no outgoing connection is given.

    A server comes back on its own port. One out of the system's range may by then be a connection's,
    even that of a client which waited for the server and was connected to itself.
    """
    while True:
        port = secrets.choice(PORTS)
        if port not in (avoid or ()) and is_free(port):
            return port
