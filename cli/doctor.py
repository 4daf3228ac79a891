"""`./parley doctor`: what this machine has and lacks, and what to do about it."""

import os
import platform
import shutil

from deploy.local.layout import ROOT, SayError, Var, is_free
from deploy.local.unprivileged import unprivileged_user

FREE_BYTES = 1_000_000_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> int:
    del arguments
    findings = [_python(), _disk(), _user(), _port(), _browser()]
    for well, words in findings:
        print(f"{'ok  ' if well else 'look'}  {words}")
    return 0


def _python() -> tuple[bool, str]:
    return True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(ROOT).free
    words = f"{free / 1e9:.1f} GB free here"
    return free > FREE_BYTES, words if free > FREE_BYTES else f"{words}: Parley needs about 1 GB"


def _user() -> tuple[bool, str]:
    try:
        user = unprivileged_user()
    except SayError as error:
        return False, str(error)
    if user is None:
        return True, f"running as an ordinary user ({os.geteuid()})"
    return True, f"running as root; PostgreSQL will run as user {user}"


def _port() -> tuple[bool, str]:
    port = int(Var(ROOT / "var").remembered("ports").get("gateway", 8080))
    if is_free(port):
        return True, f"port {port} is free for the gateway"
    return False, f"port {port} is taken (by a running Parley?): ./parley up --port N moves it"


def _browser() -> tuple[bool, str]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return True, f"browser tests will use {found}"
    return False, "no Chromium: browser tests are skipped (Debian: apt-get install chromium)"
