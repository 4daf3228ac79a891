"""`./parley test`: everything that must hold before a change lands."""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cli.testing.alone import module_asked, run_alone
from cli.testing.parts import Ran, run_parts
from deploy.local.layout import ROOT

CODE = ("cli", "deploy", "services", "shared", "tests")
# Reasons to skip: those that even a continuous-integration machine may have, and one that it may not.
EXPECTED_SKIPS = ("no file system of a fixed size can be mounted here",)
WHILE_WORKING = "tried with --ci"
CHECKS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Checked:
    name: str
    passed: bool
    seconds: float
    said: str


@dataclass(frozen=True, slots=True)
class Suite:
    """How all parts went together."""

    parts: list[Ran]
    expected_skips: Sequence[str]

    @property
    def skipped(self) -> dict[str, str]:
        return {test: reason for part in self.parts for test, reason in part.skipped.items()}

    @property
    def unexpected(self) -> list[str]:
        return [test for test, reason in self.skipped.items() if reason not in self.expected_skips]

    @property
    def seconds(self) -> Mapping[str, float]:
        took: Counter[str] = Counter()
        for part in self.parts:
            took.update(part.seconds)
        return took


def main(arguments: Sequence[str]) -> int:
    """0 when everything holds, else 1."""
    if module := module_asked(arguments):
        return run_alone(module, arguments)
    parser = argparse.ArgumentParser(prog="./parley test", description=__doc__, epilog=_MORE)
    parser.add_argument("--ci", action="store_true", help=_CI)
    parser.add_argument("--only-tests", action="store_true", help="leave out format, lint, types")
    options, for_pytest = parser.parse_known_args(arguments)
    in_ci = options.ci or os.environ.get("CI") == "true"
    os.chdir(ROOT)
    failed = [] if options.only_tests else _checks()
    began = time.monotonic()
    expected = EXPECTED_SKIPS if in_ci else (*EXPECTED_SKIPS, WHILE_WORKING)
    suite = Suite(run_parts(for_pytest, _tell_begins, _tell_part, thorough=in_ci), expected)
    failed += [f"tests ({part.name})" for part in suite.parts if not part.passed]
    _tell(suite, time.monotonic() - began)
    if suite.unexpected and in_ci:
        failed.append("skips that should not be")
    print(f"FAILED: {', '.join(failed)}" if failed else "Everything holds.", flush=True)
    return 1 if failed else 0


def _checks() -> list[str]:
    """Format, lint, walls and types; the names of those that failed."""
    python = [sys.executable, "-m"]
    steps = {
        "types": [*python, "mypy", *CODE],
        "format": [*python, "ruff", "format", "--check", "--quiet", "."],
        "lint": [*python, "ruff", "check", "--quiet", "."],
        "walls": [sys.executable, "-c", _WALLS, "--no-cache"],
    }
    with ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        checked = list(pool.map(_check, steps, steps.values()))
    for one in checked:
        print(f"{one.name:20} {'ok' if one.passed else 'FAILED':8} {one.seconds:6.1f} s")
        if not one.passed:
            print(one.said)
    sys.stdout.flush()
    return [one.name for one in checked if not one.passed]


def _check(name: str, command: list[str]) -> Checked:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Checked(name, done.returncode == 0, time.monotonic() - began, done.stdout)


def _tell_begins(name: str, files: int) -> None:
    print(f"{name:20} begins   {files} files", flush=True)


def _tell_part(part: Ran) -> None:
    """As it ends, so that nobody waits for the rest to read what failed."""
    if not part.passed:
        print(part.said)
    state = "ok" if part.passed else "FAILED"
    used = f"{part.processor_seconds:6.1f} s of a processor, {part.tests} tests"
    print(f"{part.name:20} {state:8} {part.part_seconds:6.1f} s, {used}", flush=True)


def _tell(suite: Suite, seconds: float) -> None:
    for folder, took in sorted(suite.seconds.items()):
        print(f"{folder:20} {'':8} {took:6.1f} s")
    print(f"{'all tests':20} {'':8} {seconds:6.1f} s")
    for test in (test for part in suite.parts for test in part.failed):
        print(f"Failed: {test}")
    if not suite.skipped:
        print("Nothing was skipped.")
        return
    print(f"Skipped, {len(suite.unexpected)} of them unexpectedly:")
    for test, reason in sorted(suite.skipped.items()):
        print(f"  {test}: {reason}")


_CI = "try chance as often as was promised, and fail on unexpected skips (or CI=true)"
_MORE = """--seeds N or --seed S plays histories of the simulation instead, --soak MINUTES kills under load,
--worlds N plays programs in two worlds that differ out of sight,
--clients makes typed clients and tries them,
--described N sends N requests of chance to every operation, and all the edges of what it takes,
--timing N reports how long answers about hidden and absent things take.
Everything else goes to pytest."""

# Its console script has a first line that a path with spaces breaks.
_WALLS = "from importlinter.cli import lint_imports_command as walls; walls()"
