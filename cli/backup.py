"""`./parley backup`: everything that cannot be made again, in one folder, while the installation runs or not.

First events, then attachments and keys, so that no event lacks its key. The read database is left out:
it is made from events. Key-encryption keys go into a folder beside the backups, which holds those of now.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from cli.safekeeping import attachments, dumping, small_files
from cli.safekeeping.key_rotation import KeyFile, key_files
from cli.safekeeping.manifest import Manifest, Standing, close_backup
from cli.safekeeping.one_sentence import with_one_sentence
from cli.verify import STORES, servers
from deploy.local.errors import LocalError
from deploy.local.layout import PRIVATE, ROOT, Layout
from deploy.local.services import Surroundings
from shared.clock import utc_now

KEYSTORE = "keystore"
ATTACHMENTS = "attachments.tar"


def main(arguments: Sequence[str]) -> int:
    """0 when the backup is whole. Raises LocalError."""
    parser = argparse.ArgumentParser(prog="./parley backup", description=__doc__)
    parser.add_argument("--to", type=Path, help="a new folder (default: var/backups/<now>)")
    parser.add_argument(
        "--keys-to", type=Path, help=f"of key-encryption keys (default: {small_files.KEYS} beside)"
    )
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    told = parser.parse_args(arguments)
    layout = Layout(told.var.resolve())
    folder = (told.to or layout.var / "backups" / f"{utc_now():%Y-%m-%dT%H-%M-%SZ}").resolve()
    keys = (told.keys_to or folder.parent / small_files.KEYS).resolve()
    with_one_sentence(take_backup(layout, folder, keys), "The backup was not made")
    print(f"The backup is whole: {folder}")
    print(f"Without the keys in {keys} it is worth nothing: keep them on another machine, apart.")
    return 0


async def take_backup(layout: Layout, folder: Path, keys: Path) -> None:
    """Raises LocalError when the folder holds something, or anything fails; then nothing is left of it."""
    async with servers(layout) as around:
        _make(folder)
        try:
            await _fill(around, folder)
            small_files.save_keys(layout, keys)
        except BaseException:
            small_files.empty(folder)
            raise


async def _fill(around: Surroundings, folder: Path) -> None:
    databases = around.databases
    taken_at = f"{utc_now():%Y-%m-%dT%H:%M:%SZ}"
    heads = {name: await _store(around, name, folder) for name in STORES}
    count = await attachments.save(around, folder / ATTACHMENTS)
    print(f"attachments: {count:,} messages")
    # After the events: a key is stored before anything needs it.
    wrapped_with = {file.service: await _needed(file) for file in key_files(around, ())}
    await dumping.dump(databases, KEYSTORE, folder / f"{KEYSTORE}.dump")
    print("keys: done", flush=True)
    # After the keys: what was removed meanwhile is in it.
    small_files.save_files(around.layout, folder)
    state = around.state
    manifest = Manifest(
        taken_at=taken_at,
        mission=state.mission,
        site=state.site,
        exercise=state.exercise,
        prefix=state.prefix,
        heads=heads,
        revisions={
            name: await dumping.revision_of(databases, name) for name in (*STORES, KEYSTORE)
        },
        key_encryption_keys=wrapped_with,
    )
    close_backup(folder, manifest)


async def _store(around: Surroundings, name: str, folder: Path) -> Standing:
    head = await dumping.dump_store(around.databases, name, folder / f"{name}.dump")
    print(f"{name}: up to position {head.position:,}", flush=True)
    return head


async def _needed(file: KeyFile) -> list[str]:
    """Names of the key-encryption keys without which something in the backup stays closed."""
    return sorted({file.keys[0].name, *await file.count()})


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        folder.chmod(PRIVATE)
    except OSError as refused:
        raise LocalError(f"{folder} cannot be made: {refused.strerror}.") from refused
    if any(folder.iterdir()):
        raise LocalError(f"{folder} is not empty; name a new one.")
