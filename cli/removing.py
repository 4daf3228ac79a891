"""Removing what a record holds, through the gateway as anybody: one asks, a second person approves."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from cli.client import GatewayClient, Json
from cli.importing.caller import Asked, credentials, gateway_url
from deploy.local.errors import LocalError
from deploy.local.layout import ROOT
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS
from shared.contracts.removals import Ground
from shared.ids import RecordId, new_bytes

PLURALS = {api.kind: api.plural for api in (*KINDS, ATTACHMENTS)}
LOOK_SECONDS = 0.5
STEPS = {
    "approved": "approved; keys are being destroyed",
    "destroyed": "keys destroyed everywhere; views are being made anew",
    "refolded": "views made anew; files are being cleared",
    "done": "done: nothing is left of it",
}


def removing(ground: Ground, arguments: Sequence[str]) -> int:
    """0 when it is asked for, refused, or done. Raises LocalError."""
    told = _parser(ground).parse_args(arguments)
    try:
        record = RecordId.parse(told.record)
        path = f"/v1/{PLURALS[record.kind]}/{record}"
    except (ValueError, KeyError) as wrong:
        raise LocalError(f"{told.record} is not the id of a record.") from wrong
    asyncio.run(_run(ground, record, path, told))
    return 0


def _parser(ground: Ground) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"./parley {'erase' if ground is Ground.ERASURE else 'spill'}", description=__doc__
    )
    parser.add_argument("record", help="its id")
    step = parser.add_mutually_exclusive_group(required=True)
    step.add_argument("--reason", help="ask for it, and say why; goes with the content")
    step.add_argument("--approve", action="store_true", help="as a second person; waits until done")
    step.add_argument("--refuse", action="store_true", help="nothing is removed")
    step.add_argument("--watch", action="store_true", help="wait until it is done")
    parser.add_argument("--as", dest="persona", help="a persona of the demo")
    parser.add_argument("--client-id", help="a client of the gateway")
    parser.add_argument("--secret-file", type=Path, help="where its secret is")
    parser.add_argument("--gateway", help="its address")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="where the state is kept")
    return parser


async def _run(ground: Ground, record: RecordId, path: str, told: argparse.Namespace) -> None:
    asked = Asked(told.var, told.gateway, told.persona, told.client_id, told.secret_file)
    async with GatewayClient(gateway_url(asked), credentials(asked)) as gateway:
        await gateway.sign_in()
        if told.reason:
            body: Json = {"ground": ground.value, "reason": told.reason}
            await gateway.post(f"{path}/ask_removal", body, new_bytes(16).hex())
            print("Asked for. A second person of the owner organisation approves: --approve")
        elif told.refuse:
            await gateway.post(f"{path}/refuse_removal", {}, new_bytes(16).hex())
            print("Refused; nothing is removed.")
        else:
            if told.approve:
                await gateway.post(f"{path}/approve_removal", {}, new_bytes(16).hex())
            await _watch(gateway, record)


async def _watch(gateway: GatewayClient, record: RecordId) -> None:
    """Until it is done, each step as it is reached."""
    said = None
    while said != "done":
        removal = (await gateway.get(f"/v1/records/{record}/removal"))["removal"]
        if removal is None and said is None:
            said = "waiting"
            print("not approved yet, or not seen yet by the read side")
        elif removal is not None and removal["state"] != said:
            said = removal["state"]
            print(STEPS[said])
        await asyncio.sleep(LOOK_SECONDS)
