"""`./parley doctor`: what this machine has and lacks, and what to do about it."""

import argparse
import json
import os
import platform
import shutil
from collections.abc import Sequence

from deploy.local.binaries import nats_server, postgres_program
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.state import GATEWAY_PORT, is_free
from deploy.local.unprivileged import account_for

FREE_BYTES = 1_000_000_000
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

Finding = tuple[bool, str]


def main(arguments: Sequence[str]) -> int:
    """1 when something must be mended before Parley can run here."""
    argparse.ArgumentParser(prog="./parley doctor", description=__doc__).parse_args(arguments)
    must = [_python(), _programs(), _account(), _folder(), _disk()]
    may = [_port(), _browser()]
    for well, words in [*must, *may]:
        print(f"{'ok  ' if well else 'look'}  {words}")
    return 0 if all(well for well, _ in must) else 1


def _python() -> Finding:
    return True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _programs() -> Finding:
    try:
        found = postgres_program("postgres").exists() and nats_server().exists()
    except LocalError as wrong:
        return False, str(wrong)
    if not found:
        return False, "PostgreSQL or NATS is missing: delete the folder .venv and start again"
    return True, "PostgreSQL and NATS are installed"


def _account() -> Finding:
    try:
        account = account_for([postgres_program("postgres").parent, ROOT])
    except LocalError as wrong:
        return False, str(wrong)
    if account is None:
        return True, f"you are an ordinary user ({os.geteuid()}), as it should be"
    return True, f"you are root; PostgreSQL will run as the user {account.name}"


def _folder() -> Finding:
    well = os.access(ROOT, os.W_OK)
    words = "can be written" if well else "cannot be written: give it to your user or move it"
    return well, f"the folder {ROOT} {words}"


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free
    words = f"{free / 1e9:.1f} GB free here"
    return free > FREE_BYTES, words if free > FREE_BYTES else f"{words}: Parley needs about 1 GB"


def _port() -> Finding:
    state = Layout(ROOT / "var").state
    ports = json.loads(state.read_text("utf-8"))["ports"] if state.exists() else {}
    port = ports.get("gateway", GATEWAY_PORT)
    if is_free(port):
        return True, f"port {port} is free for the gateway"
    return False, f"port {port} is taken (by a running Parley?); ./parley up --port N takes another"


def _browser() -> Finding:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return True, f"browser tests will use {found}"
    return False, "no Chromium: pages are not tested (apt-get install chromium-headless-shell)"
