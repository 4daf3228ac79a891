"""`./parley rebuild`: fold the read models anew beside the live ones, compare, change places."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.verify import servers
from deploy.local.layout import ROOT, Layout
from deploy.local.services import Surroundings, environment
from services.reporting.rebuilding import Rebuilt, Tell, rebuild
from services.reporting.settings import ReportingSettings

PREFIX = "PARLEY_"


def main(arguments: Sequence[str]) -> int:
    """0 when the rebuilt models equal the live ones, else 1."""
    parser = argparse.ArgumentParser(prog="./parley rebuild", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    parser.add_argument("--check", action="store_true", help="only compare; change nothing")
    parser.add_argument("--json", action="store_true", help="print both digests as JSON")
    told = parser.parse_args(arguments)
    layout = Layout(told.var.resolve())
    rebuilt = asyncio.run(_rebuild(layout, swap=not told.check, quiet=told.json))
    print(
        json.dumps(_digests(rebuilt)) if told.json else _sentence(rebuilt, swapped=not told.check)
    )
    return 0 if rebuilt.equal else 1


async def _rebuild(layout: Layout, *, swap: bool, quiet: bool) -> Rebuilt:
    async with servers(layout) as around:
        return await rebuild(_settings(around), _nothing if quiet else _progress(), swap=swap)


def _settings(around: Surroundings) -> ReportingSettings:
    """What the reporting service itself is told."""
    told = environment(around, "reporting")
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in told.items()
        if name.startswith(PREFIX)
    }
    return ReportingSettings.model_validate(named)


def _progress() -> Tell:
    def tell(source: str, position: int, target: int) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K{source}: {position} of {target} events", end="", flush=True)
            if position >= target:
                print()

    return tell


def _nothing(source: str, position: int, target: int) -> None:
    """For `--json`, whose only line is the answer."""


def _digests(rebuilt: Rebuilt) -> dict[str, object]:
    return {"live": rebuilt.live, "rebuilt": rebuilt.rebuilt, "equal": rebuilt.equal}


def _sentence(rebuilt: Rebuilt, *, swapped: bool) -> str:
    differing = sorted(name for name, one in rebuilt.live.items() if one != rebuilt.rebuilt[name])
    equal = "They say the same." if rebuilt.equal else f"They DIFFER in {', '.join(differing)}."
    served = "is served now" if swapped else "was only compared and is gone again"
    return f"Generation {rebuilt.generation} {served}. {equal}"
