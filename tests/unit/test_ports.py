"""A server that was killed comes back on its own port, so nobody else may be given it meanwhile."""

import socket
from pathlib import Path

import pytest

from deploy.local.state import LOOPBACK, free_port

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


@pytest.mark.skipif(not RANGE.exists(), reason="this system does not tell its range of ports")
def test_no_outgoing_connection_is_ever_given_the_port_of_a_server() -> None:
    first, last = map(int, RANGE.read_text("ascii").split())
    assert not [port for port in (free_port() for _ in range(100)) if first <= port <= last]


def test_a_port_that_is_taken_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        taken, free = listener.getsockname()[1], free_port()
        monkeypatch.setattr("deploy.local.state.PORTS", [taken, free])
        assert {free_port() for _ in range(20)} == {free}
