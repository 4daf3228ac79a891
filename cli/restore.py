"""`./parley restore`: an installation as a backup holds it, here. What was removed since stays removed.

The backup is read whole before anything is touched, and its chains are verified before they are put in
place. Secrets, keys and ledgers that are here stay. What the bus still holds comes back when Parley starts.
"""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.backup import ATTACHMENTS
from cli.safekeeping import attachments, bringing_back, keys_back, small_files
from cli.safekeeping.manifest import NOTHING_CHANGED, Backup, open_backup
from cli.safekeeping.one_sentence import with_one_sentence
from cli.verify import STORES, progress, silent
from cli.verifying.looking import at_checkpoints
from cli.verifying.report import Checked, Report
from deploy.local.alone import alone
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT, Layout
from deploy.local.provision import HISTORIES, provision
from deploy.local.services import Surroundings
from deploy.local.stack import Stack
from deploy.local.state import load_state, remembered_state
from shared.migrate import knows


@dataclass(frozen=True, slots=True)
class Restored:
    """`keys`: how many were missing here. `removed`: removals that were carried out again."""

    keys: int
    attachments: int
    removed: int
    report: Report


def main(arguments: Sequence[str]) -> int:
    """0 when everything is back and verified. Raises LocalError."""
    told = _parser().parse_args(arguments)
    layout = Layout(told.var.resolve())
    backup = open_backup(told.folder.resolve())
    keys = (told.keys_from or backup.folder.parent / small_files.KEYS).resolve()
    _check(layout, backup, told)
    expired = _closed_keys(layout, backup, keys)
    if expired and not layout.state.exists():
        raise LocalError(f"{expired} {NOTHING_CHANGED}")
    layout.make()
    with alone(layout):
        if not _is_there(layout):
            layout.restoring.touch()
        small_files.put_back_keys(layout, keys)
        small_files.put_back_files(layout, backup)
        ledgers = told.removed.glob("*.jsonl") if told.removed else ()
        small_files.put_back_ledgers(layout, [*backup.within(small_files.REMOVED), *ledgers])
        restored = with_one_sentence(_restore(layout, backup, expired), "The restore was cut off")
        layout.restoring.unlink()
    _tell(backup, restored)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley restore", description=__doc__)
    parser.add_argument("folder", type=Path, help="a backup")
    parser.add_argument(
        "--over", action="store_true", help="put it in the place of the databases that are here"
    )
    parser.add_argument(
        "--keys-from",
        type=Path,
        help=f"of key-encryption keys that are not here (default: {small_files.KEYS} beside it)",
    )
    parser.add_argument(
        "--removed", type=Path, help="ledgers of removals that were kept apart (var/removed)"
    )
    parser.add_argument(
        "--keep-policy", action="store_true", help="go on with the policy that is here"
    )
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    return parser


def _check(layout: Layout, backup: Backup, told: argparse.Namespace) -> None:
    """All that can be refused before anything is touched. Raises LocalError."""
    here = remembered_state(layout)
    if _is_there(layout) and not told.over and not layout.restoring.exists():
        raise LocalError(
            f"There is an installation in {layout.var}. Say --over to put the backup in its place, "
            f"or name another folder with --var. {NOTHING_CHANGED}"
        )
    manifest = backup.manifest
    ours = here and (here.mission, here.site, here.exercise, here.prefix)
    theirs = (manifest.mission, manifest.site, manifest.exercise, manifest.prefix)
    if ours and ours != theirs:
        raise LocalError(f"The backup is of another installation than this. {NOTHING_CHANGED}")
    for name, revision in manifest.revisions.items():
        if not knows(HISTORIES[name], revision):
            raise LocalError(f"The backup was made by a newer Parley. {NOTHING_CHANGED}")
    if not told.keep_policy:
        small_files.check_policy(backup)


def _is_there(layout: Layout) -> bool:
    return layout.state.exists() or (layout.postgres / "data").exists()


def _closed_keys(layout: Layout, backup: Backup, keys: Path) -> str:
    """Why keys in the backup stay closed; empty when they open. Where an installation is, it has its own."""
    here, beside = small_files.names_of_keys(layout.secrets), small_files.names_of_keys(keys)
    for service, needed in backup.manifest.key_encryption_keys.items():
        if missing := set(needed) - set(here.get(service) or beside.get(service, [])):
            return (
                f"The key-encryption key {min(missing)} of {service}, under which this backup's keys are, "
                f"is neither in {layout.secrets} nor in {keys}: it is kept elsewhere (--keys-from), or it "
                "has expired."
            )
    return ""


async def _restore(layout: Layout, backup: Backup, expired: str) -> Restored:
    tell = progress if os.isatty(1) else silent
    state = load_state(layout, exercise=False, gateway_port=None)
    async with Stack(layout, state, _say).servers() as around:
        databases = around.databases
        try:
            for name in STORES:
                _say(f"Reading {name}")
                await bringing_back.load_beside(databases, name, backup)
            looks = await bringing_back.look_at(databases, backup, tell)
        except BaseException:
            await bringing_back.drop_beside(databases, STORES)
            raise
        if expired:
            _say(f"{expired} The keys that are here are used alone.")
        keys = 0 if expired else await keys_back.bring_keys_back(databases, backup, layout)
        removed = await keys_back.destroy_removed(databases, layout)
        files = await attachments.put_back(around, backup.folder / ATTACHMENTS)
        layout.restoring.touch()
        _say("Putting everything in its place")
        await bringing_back.put_in_place(databases)
        await provision(databases, state.mission, state.site, exercise=state.exercise)
        await bringing_back.say_it_moved(databases)
        return Restored(keys, files, removed, await _report(around, looks))


async def _report(around: Surroundings, looks: Sequence[Checked]) -> Report:
    return Report([*looks, await at_checkpoints(around, STORES)])


def _tell(backup: Backup, restored: Restored) -> None:
    print(restored.report.to_table())
    print(
        f"Restored as of {backup.manifest.taken_at}: {restored.keys:,} keys and {restored.attachments:,} "
        f"messages of attachments were missing here, {restored.removed:,} removals hold on."
    )
    print(
        "Start it: ./parley up. It takes back what the bus still holds, or opens another epoch, and\n"
        "makes the read model anew; then ./parley verify checks the streams, too."
    )


def _say(words: str) -> None:
    print(words, flush=True)
