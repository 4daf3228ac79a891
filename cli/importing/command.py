"""The command itself: read the file, show how it was understood, send it, say what came of it."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.client import GatewayClient
from cli.importing.caller import Asked, credentials, gateway_url
from cli.importing.people_ties import with_ties
from cli.importing.reading import read_plan
from cli.importing.reporting import Progress, show_mapping, write_reasons
from cli.importing.sending import Sent, send
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT
from shared.ids import new_bytes
from shared.importing.plan import Plan, UnreadableFileError, Wishes

STOPPED = 130


def main(arguments: Sequence[str]) -> int:
    """0 when all was accepted, 1 when rows were rejected. Raises LocalError."""
    options = _parser().parse_args(arguments)
    wishes = Wishes(options.system, options.id_column, options.language, _columns(options.column))
    try:
        plan = read_plan(options.file, options.what, wishes)
    except UnreadableFileError as wrong:
        raise LocalError(str(wrong)) from wrong
    show_mapping(plan, options.file)
    if options.dry_run:
        return 0
    asked = Asked(
        options.var, options.gateway, options.persona, options.client_id, options.secret_file
    )
    try:
        sent = asyncio.run(_import(plan, asked))
    except KeyboardInterrupt:
        print("\nStopped. Run it again: what is there already stays as it is.", file=sys.stderr)
        return STOPPED
    reasons = options.reasons or Path(f"{options.file.stem}.reasons.csv")
    write_reasons(reasons, (*plan.remarks, *sent.remarks))
    return 1 if sent.counts["rejected"] else 0


async def _import(plan: Plan, asked: Asked) -> Sent:
    progress = Progress(len(plan.items))
    async with GatewayClient(gateway_url(asked), credentials(asked)) as gateway:
        await gateway.sign_in()
        plan = await with_ties(gateway, plan)
        sent = await send(gateway, plan, new_bytes(16).hex(), progress)
    sent.counts["rejected"] += sum(remark.what == "rejected" for remark in plan.remarks)
    progress.end(sent.counts)
    return sent


def _columns(given: Sequence[str]) -> dict[str, str]:
    pairs = dict(pair.partition("=")[::2] for pair in given)
    if not all(pairs.values()):
        raise LocalError("--column is FIELD=HEADER, for example --column name=Organizacion")
    return pairs


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./parley import",
        description="Load a JSON, CSV or HXL-tagged CSV file, or people from vCards."
        " Safe to repeat, and to stop half-way.",
    )
    parser.add_argument("what", choices=("organisations", "places", "people"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--gateway", help="URL (default: the installation in this folder)")
    parser.add_argument("--as", dest="persona", help="a persona of the demo (var/demo.json)")
    parser.add_argument("--client-id", help="a machine client; its secret is asked for")
    parser.add_argument("--secret-file", type=Path, help="where the client's secret stands")
    parser.add_argument("--system", help="name of the id system that the file's ids belong to")
    parser.add_argument("--id-column", help="the column that holds each row's id")
    parser.add_argument(
        "--column", action="append", default=[], help="FIELD=HEADER, where detection is wrong"
    )
    parser.add_argument("--language", default="en", help="of notes in the file (default en)")
    parser.add_argument("--reasons", type=Path, help="file for reasons (default FILE.reasons.csv)")
    parser.add_argument("--dry-run", action="store_true", help="show the mapping, send nothing")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help=argparse.SUPPRESS)
    return parser
