"""Makes `.venv` from the locked wheels and hands over to the command line inside it.

Standard library only: it runs under whatever python3 the machine has, before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

PLATFORMS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64")}
LOCKS = Path("deploy/requirements")
READABLE_BY_ALL = 0o022  # PostgreSQL may have to run as another user than the one who installs


def hand_over(root: str, arguments: list[str]) -> NoReturn:
    """Replaces this process by the project's own command line."""
    folder = Path(root)
    try:
        _check_platform()
        locks = ["run", "test"] if arguments[:1] == ["test"] else ["run"]
        python = prepare(folder, folder / ".venv", locks)
    except PermissionError as refused:
        sys.exit(f"Parley cannot write here: {refused.filename or folder}. {_UNWRITABLE}")
    except KeyboardInterrupt:
        sys.exit("\nStopped while installing. Start again to go on.")
    environment = dict(os.environ)
    environment["PYTHONPATH"] = str(folder)
    environment["PYTHONDONTWRITEBYTECODE"] = ""
    os.execve(python, [str(python), "-P", "-m", "cli", *arguments], environment)  # noqa: S606


def _check_platform() -> None:
    found = (platform.system(), platform.machine())
    if found not in PLATFORMS or platform.python_implementation() != "CPython":
        sys.exit(
            "Parley runs with CPython on Linux (x86_64, aarch64) and macOS (arm64), "
            f"and this is {platform.python_implementation()} on {' '.join(found)}."
        )
    if found[0] == "Linux" and platform.libc_ver()[0] != "glibc":
        sys.exit(
            "Parley needs a Linux with glibc (Debian, Ubuntu, Fedora, ...), not Alpine's musl."
        )


def prepare(root: Path, venv: Path, locks: list[str]) -> Path:
    """The interpreter of the environment `venv`, in which every one of `locks` is installed."""
    python = venv / "bin/python"
    if all(_is_installed(root, venv, lock) for lock in locks) and python.exists():
        return python
    venv.mkdir(parents=True, exist_ok=True)
    with _alone(venv):
        if not _works(python):
            print(f"Making the environment in {venv.name}", flush=True)
            _run([sys.executable, "-m", "venv", "--without-pip", str(venv)], f"make {venv.name}")
        for lock in locks:
            if not _is_installed(root, venv, lock):
                _install(root, venv, lock)
    return python


def _is_installed(root: Path, venv: Path, lock: str) -> bool:
    stamp = _stamp(venv, lock)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(root, lock)


def _stamp(venv: Path, lock: str) -> Path:
    return venv / f".parley-{lock}.sha256"


def _digest(root: Path, lock: str) -> str:
    """Of the lock and of the Python it was installed for: a new one of either installs again."""
    content = (root / LOCKS / f"{lock}.txt").read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _alone(venv: Path) -> Iterator[None]:
    """Two first starts at once install one after the other."""
    with (venv / ".parley.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    asked = [str(python), "-c", "import sys; sys.stdout.write(sys.version)"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return answer.stdout == sys.version


def _install(root: Path, venv: Path, lock: str) -> None:
    requirements = root / LOCKS / f"{lock}.txt"
    total = sum(1 for line in requirements.read_text("utf-8").splitlines() if "==" in line)
    print(f"Installing {total} locked packages ({lock})", flush=True)
    os.umask(READABLE_BY_ALL)
    command = [*_pip(venv / "bin/python"), "install", "--require-hashes", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    _run([*command, "-r", str(requirements)], "install the packages", total)
    _stamp(venv, lock).write_text(_digest(root, lock), encoding="ascii")


def _pip(python: Path) -> list[str]:
    """Debian's python3 may lack ensurepip, another's may lack pip: either will do."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(python)]
    if importlib.util.find_spec("ensurepip"):
        _run([str(python), "-m", "ensurepip"], "add pip to the environment")
        return [str(python), "-m", "pip"]
    sys.exit(
        "This Python has no pip. Install it (on Debian and Ubuntu: apt install python3-pip) "
        "and start again."
    )


def _run(command: list[str], purpose: str, total: int = 0) -> None:
    """Runs `command`, showing what it collected of `total`; on failure its last lines."""
    environment = dict(os.environ) | {"PIP_ROOT_USER_ACTION": "ignore", "PYTHONUNBUFFERED": "1"}
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines = []
    for line in process.stdout or ():
        lines.append(line.rstrip())
        if total:
            _show(sum(1 for seen in lines if seen.startswith("Collecting ")), total)
    if process.wait() == 0:
        return
    print("\n".join(lines[-15:]), file=sys.stderr)
    if "ermission denied" in "".join(lines[-15:]):
        sys.exit(f"Parley cannot write to its folder. {_UNWRITABLE}")
    sys.exit(f"Could not {purpose}: the lines above say why. Mend it and start again.")


def _show(collected: int, total: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  {collected} of {total}", end="\n" if collected == total else "", flush=True)


_UNWRITABLE = "Put the folder where you may write, or give it to your user, and start again."
