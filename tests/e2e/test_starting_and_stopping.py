"""What `./parley up` promises the one who starts and stops it. Slow: it starts everything twice."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest

from deploy.local.layout import Layout
from deploy.local.state import LOOPBACK, is_free
from tests.stack.installation import Installation, started_in, up
from tests.stack.servers import temporary_layout

GONE_SECONDS = 30
ANSWER_SECONDS = 30


def children(installation: Installation) -> list[psutil.Process]:
    return psutil.Process(installation.process.pid).children(recursive=True)


@dataclass(frozen=True)
class Killed:
    """An installation whose supervisor was killed: what ran beneath it, and whom it knew."""

    layout: Layout
    left: list[psutil.Process]
    personas: str


@pytest.fixture(scope="module")
def killed() -> Iterator[Killed]:
    with temporary_layout() as layout:
        with started_in(layout) as running:
            left, personas = children(running), json.dumps(running.demo["personas"])
            running.process.kill()
        yield Killed(layout, left, personas)


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux ends children with their parent")
def test_a_killed_supervisor_takes_everything_along(killed: Killed) -> None:
    assert psutil.wait_procs(killed.left, GONE_SECONDS)[1] == []


def test_the_next_start_finds_all_and_ctrl_c_stops_everything_and_leaves_no_process(
    killed: Killed,
) -> None:
    with started_in(killed.layout) as installation:
        assert json.dumps(installation.demo["personas"]) == killed.personas
        started = children(installation)
        installation.process.send_signal(signal.SIGINT)
        assert installation.process.wait(GONE_SECONDS) == 0
        assert psutil.wait_procs(started, 0)[1] == []
        assert is_free(installation.state.ports["gateway"])


def test_a_second_start_in_the_same_folder_is_one_sentence(installation: Installation) -> None:
    said = _refusal(up(installation.layout))
    assert said == (
        "Parley already runs in this folder. Stop it with Ctrl-C where it was started.\n"
    )


def test_a_taken_port_is_one_sentence_that_names_the_way_out() -> None:
    with temporary_layout() as layout, socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        said = _refusal(up(layout, "--port", str(port)))
    assert said == (
        f"Port {port} is taken by another program. "
        "Stop it, or choose another port, for example: ./parley up --port 8090\n"
    )


def test_an_installation_that_is_no_exercise_never_becomes_one() -> None:
    with temporary_layout() as layout:
        _found_for_real_work(layout)
        said = _refusal(up(layout))
    assert said.startswith("This installation is not an exercise and never becomes one.")


def _found_for_real_work(layout: Layout) -> None:
    state = {"mission": "main", "site": "hq", "exercise": False, "prefix": "parley_", "ports": {}}
    layout.state.write_text(json.dumps(state), "utf-8")


def _refusal(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate(timeout=ANSWER_SECONDS)
    assert process.returncode == 1
    return said
