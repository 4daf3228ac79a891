"""Which command is whose: a table of names, each loaded only when it is called."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from deploy.local.errors import LocalError

# Command -> (module, what it is for). A module has `main(arguments) -> exit code`.
COMMANDS = {
    "up": ("cli.up", "start everything and keep it running until Ctrl-C"),
    "test": ("cli.test", "run every check and the whole suite"),
    "import": ("cli.importing", "load organisations or places from a file"),
    "verify": ("cli.verify", "check the invariants of a running installation"),
    "export-log": ("cli.verifying.exporting", "write a service's chain for others to verify"),
    "rebuild": ("cli.rebuild", "rebuild the read models and compare"),
    "projections": ("cli.projections", "show where projections stand; skip or resume one"),
    "backup": ("cli.backup", "copy all that cannot be made again into one folder"),
    "restore": ("cli.restore", "put a backup back; what was removed since stays removed"),
    "partitions": ("cli.partitions", "lay events into partitions while everything runs"),
    "keys": ("cli.keys", "rotate the keys around all others, and let old ones expire"),
    "bench": ("cli.bench", "measure against a peer, and say which goals are met"),
    "erase": ("cli.erase", "destroy what is held of a person; two people decide"),
    "spill": ("cli.spill", "destroy what a record should never have held; two people decide"),
    "sbom": ("cli.sbom", "write the bill of materials, from the lock"),
    "doctor": ("cli.doctor", "check this machine and say what to do"),
    "secrets": (
        "cli.secrets",
        "make, rotate and expire the secrets of an installation with compose",
    ),
}


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command named first in `arguments`."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(_usage())
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{_usage()}", file=sys.stderr)
        return 2
    command: Callable[[Sequence[str]], int] = import_module(COMMANDS[name][0]).main
    try:
        return command(rest)
    except LocalError as wrong:
        print(wrong, file=sys.stderr)
        return 1


def _usage() -> str:
    lines = [f"  ./parley {name:<11} {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(["Usage:", *lines, "", "Each takes --help."])
