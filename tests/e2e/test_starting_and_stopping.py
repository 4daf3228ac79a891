"""What `./parley up` promises the one who starts and stops it. Slow: each test starts everything."""

import json
import signal
import socket
import subprocess

import psutil
import pytest

from deploy.local.layout import Layout
from deploy.local.state import LOOPBACK, is_free
from tests.stack.installation import Installation, started_in, started_installation, up
from tests.stack.servers import temporary_layout

GONE_SECONDS = 30
ANSWER_SECONDS = 30


def children(installation: Installation) -> list[psutil.Process]:
    return psutil.Process(installation.process.pid).children(recursive=True)


def test_ctrl_c_stops_everything_and_leaves_no_process() -> None:
    with started_installation() as installation:
        started = children(installation)
        installation.process.send_signal(signal.SIGINT)
        assert installation.process.wait(GONE_SECONDS) == 0
        assert psutil.wait_procs(started, 0)[1] == []
        assert is_free(installation.state.ports["gateway"])


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux ends children with their parent")
def test_a_killed_supervisor_takes_everything_along_and_the_next_start_finds_all() -> None:
    with temporary_layout() as layout:
        with started_in(layout) as first:
            started, before = children(first), json.dumps(first.demo["personas"])
            first.process.kill()
            assert psutil.wait_procs(started, GONE_SECONDS)[1] == []
        with started_in(layout) as second:
            assert json.dumps(second.demo["personas"]) == before


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
