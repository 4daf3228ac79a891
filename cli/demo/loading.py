"""The order of the demo: accounts, organisations, places, engagements, and waiting until all is shown."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from cli.client import GatewayClient, GatewayError
from cli.demo import material
from cli.demo.accounts import (
    FIRST_ORGANISATION,
    REGISTRAR,
    Accounts,
    credentials,
    loader,
    loaders,
    registrar,
    signing_in,
)
from cli.demo.composing import Cast
from cli.demo.memory import Memory, remembered
from cli.demo.people import people
from cli.demo.stories import DAYS_BACK, tell
from cli.demo.telling import Told, register, register_people, register_places, tell_acts
from deploy.local.layout import POLICY
from shared.policy import load_policy

# The organisations are known before the first engagement is planned.
HEAD = loader(FIRST_ORGANISATION)
# Whose business people and posts are.
BRANCH = "military-component"
BEGINS = timedelta(days=DAYS_BACK + 40)
KNOWN_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.2
# As many as one engagement takes.
PARTICIPANTS_LIMIT = 100


async def load(var: Path, gateway_url: str) -> None:
    """Loads the demo once and writes var/demo.json. A start that was cut short goes on where it was.

    Raises GatewayError and LocalError.
    """
    memory = remembered(var)
    if memory.done:
        return
    accounts, told = Accounts(var), Told()
    memory = await _register(accounts, gateway_url, memory, told)
    everybody = [*loaders(), *signing_in()]
    memory = await accounts.make(everybody, memory, told.ids)
    async with AsyncExitStack() as exits:
        gateways = {}
        for account in loaders():
            client = GatewayClient(gateway_url, credentials(memory, account.id))
            gateways[account.id] = await exits.enter_async_context(client)
        await _tell(gateways, memory, told)
    keys = [organisation.key for organisation in material.organisations()]
    organisations = {key: told.ids[key] for key in keys}
    memory.finished().tell(gateway_url, [each.id for each in signing_in()], organisations)


async def _register(accounts: Accounts, url: str, memory: Memory, told: Told) -> Memory:
    """Organisations and places. The first one registers the others, so that it is their owner."""
    begins = memory.present - BEGINS
    known = {each.key: each for each in material.organisations()}
    memory = await accounts.make([registrar()], memory, {})
    async with GatewayClient(url, credentials(memory, REGISTRAR)) as gateway:
        await register(gateway, REGISTRAR, [known.pop(FIRST_ORGANISATION)], begins, told)
    first = [each for each in loaders() if each.organisation == FIRST_ORGANISATION]
    memory = await accounts.make(first, memory, told.ids)
    plan = material.places()
    async with GatewayClient(url, credentials(memory, HEAD)) as gateway:
        await register(gateway, HEAD, tuple(known.values()), begins, told)
        await register_places(gateway, HEAD, plan, begins, told)
    _say(f"  {len(known) + 1} organisations, {len(plan.items)} places")
    return memory


async def _tell(gateways: Mapping[str, GatewayClient], memory: Memory, told: Told) -> None:
    branch = loader(BRANCH)
    await _references_known(gateways[branch], told)
    await register_people(gateways[branch], branch, memory.present - BEGINS, told)
    _say(f"  {len(people())} people and their posts")
    cast = Cast(
        words=material.words(),
        organisations=material.organisations(),
        counties=material.counties(),
        ids=told.ids,
        needs_approval=load_policy(POLICY).needs_approval,
        people=_by_organisation(),
    )
    await _references_known(gateways[HEAD], told)
    await tell_acts(gateways, tell(cast, memory.present), told, _say)
    _say("  waiting until the pages show it")
    for whose, position in told.positions.items():
        account, _, plural = whose.partition(" ")
        if account in gateways:
            await gateways[account].get(f"/v1/{plural}", page_size="1", at_least=position)


async def _references_known(gateway: GatewayClient, told: Told) -> None:
    """Engagements hears of organisations and places over the stream: wait for the last of each."""
    last = {
        "purpose": "Are the organisations and places known?",
        "type": "routine_liaison",
        "starts_at": "2999-01-01T09:00:00Z",
        "participants": [
            {"side": "counterpart", f"{kind}_id": record_id}
            for record_id in told.ids.values()
            for kind in ("organisation", "person")
            if record_id.startswith(f"{kind}_")
        ][-PARTICIPANTS_LIMIT:],
        "place": {"place_id": _last_place(told)},
    }
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            try:
                await gateway.post("/v1/engagements", last, "known", validate_only="true")
            except GatewayError as unknown:
                if unknown.problem.get("code") != "invalid":
                    raise
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            else:
                return


def _last_place(told: Told) -> str:
    return [one for one in told.ids.values() if one.startswith("place_")][-1]


def _by_organisation() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person in people():
        found.setdefault(person.organisation, []).append(person.key)
    return found


def _say(words: str) -> None:
    print(words, flush=True)
