"""`./parley keys`: the key-encryption keys around all others. Services take up a change by themselves.

`rotate` makes a new one for each service and wraps everything anew; cut off, `rotate --finish` goes on.
`expire` destroys those that were retired longer ago than backups of the key store live: from then on no
such backup opens, and what was erased since cannot come back.
"""

import argparse
import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from cli.safekeeping import small_files
from cli.safekeeping.key_rotation import KeyFile, key_files, one_at_a_time
from cli.safekeeping.one_sentence import with_one_sentence
from cli.verify import servers
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from shared.clock import utc_now
from shared.rewrapping import Progress, UnknownKeyError

BACKUP_DAYS = 30


def main(arguments: Sequence[str]) -> int:
    """0 when it is done. Raises LocalError."""
    told = _parser().parse_args(arguments)
    layout = Layout(told.var.resolve())
    if not layout.secrets.is_dir():
        raise LocalError("There is no installation here yet: ./parley up makes one.")
    with one_at_a_time(layout):
        with_one_sentence(_run(layout, told), "Key-encryption keys are as they were")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley keys", description=__doc__)
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    parser.add_argument(
        "--copies",
        type=Path,
        action="append",
        help=f"a folder that holds them besides (default: var/backups/{small_files.KEYS}, if it is there)",
    )
    orders = parser.add_subparsers(dest="order", required=True)
    listing = orders.add_parser(
        "list", help="by name: since when they are retired, how much each has wrapped"
    )
    listing.add_argument("--json", action="store_true", help="for ./parley secrets expire")
    rotate = orders.add_parser("rotate", help="make new ones and wrap everything anew")
    rotate.add_argument("--finish", action="store_true", help="make none: wrap anew what is left")
    expire = orders.add_parser("expire", help="destroy those that no living backup needs")
    expire.add_argument(
        "--days", type=int, default=BACKUP_DAYS, help=f"how long backups live ({BACKUP_DAYS})"
    )
    return parser


async def _run(layout: Layout, told: argparse.Namespace) -> None:
    async with servers(layout) as around:
        if told.order == "list" and told.json:
            print(json.dumps(await counted(key_files(around, ()))))
            return
        usual = layout.var / "backups" / small_files.KEYS
        for file in key_files(around, told.copies or [usual] * usual.is_dir()):
            try:
                await _act(file, told)
            except UnknownKeyError as unknown:
                raise LocalError(
                    f"{file.service}: {unknown}; nothing of it was changed."
                ) from unknown


async def counted(files: Sequence[KeyFile]) -> dict[str, object]:
    """How many values each key has wrapped, by service and name, and when (UTC) that was counted."""
    at = utc_now().isoformat()
    counts = [(file, await file.count()) for file in files]
    wrapped = {
        file.service: {key.name: count[key.name] for key in file.keys} for file, count in counts
    }
    return {"at": at, "wrapped": wrapped}


async def _act(file: KeyFile, told: argparse.Namespace) -> None:
    match told.order:
        case "rotate":
            if not told.finish:
                file.add(utc_now())
            count = await file.rewrap(_progress(file.service))
            print(f"{file.service}: {file.keys[0].name} wraps from now on; {count:,} wrapped anew")
        case "expire":
            life = timedelta(days=told.days)
            gone = await file.expire(utc_now(), life, _progress(file.service))
            for key in gone:
                print(f"{file.service}: {key.name} is destroyed")
            if not gone:
                print(f"{file.service}: none was retired {told.days} days ago or before")
        case _:
            counted = await file.count()
            for key in file.keys:
                since = f"retired {key.retired_at:%Y-%m-%d %H:%M}Z" if key.retired_at else "present"
                print(f"{file.service}: {key.name} {since}, has wrapped {counted[key.name]:,}")


def _progress(service: str) -> Progress:
    def tell(count: int) -> None:
        if os.isatty(1):
            print(f"\r\033[K{service}: {count:,} wrapped anew\r", end="", flush=True)

    return tell
