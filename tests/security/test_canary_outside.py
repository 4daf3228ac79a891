"""A word is in no log, figure or message of the bus, and in no webhook of who may not read it.

In the running system, with all its services. Of traces nothing leaves a process but their numbers.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp
import pytest

from deploy.local.state import LOOPBACK, SERVICES
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.policy import Policy
from tests.e2e.partner import Partner, Persona
from tests.security.out_of_sight import OWNER
from tests.security.planting import Planted, clearance, plant
from tests.security.watching import until
from tests.service.webhook_receiver import Receiver, run_receiver
from tests.stack.installation import Installation

READERS = ("un-agency", "ngo-forum", "municipality", "liaison-officer")
WITH_FIGURES = "security-officer"
OPEN = {"label": {"level": "public", "releasable_to": [["all"]], "caveats": []}}
PLAN = {"purpose": "The last", "type": "routine_liaison", "starts_at": "2031-03-02T09:00:00Z"}
BROUGHT_SECONDS = 60


@pytest.fixture(scope="module")
async def partners(installation: Installation) -> AsyncIterator[dict[str, Partner]]:
    async with AsyncExitStack() as stack:
        yield {
            line["id"]: await stack.enter_async_context(
                Partner(installation.gateway_url, Persona.of(line))
            )
            for line in installation.demo["personas"]
        }


@pytest.fixture(scope="module")
async def receivers(partners: dict[str, Partner]) -> AsyncIterator[dict[str, Receiver]]:
    """Each reader's, told of whole records."""
    async with AsyncExitStack() as stack:
        made = {name: await stack.enter_async_context(run_receiver()) for name in READERS}
        for name, receiver in made.items():
            asked = {"url": receiver.url, "include": "record"}
            hook = await partners[name].post("/v1/webhooks", asked)
            await partners[name].post(f"/v1/webhooks/{hook['id']}/activate", {})
        yield made


@pytest.fixture(scope="module")
async def spread(
    partners: dict[str, Partner], receivers: dict[str, Receiver], policy: Policy
) -> list[Planted]:
    """Records of every kind and label, of which every receiver was brought what is his."""
    owner = partners[OWNER]
    planted = await plant(owner.post, RecordId.parse(owner.persona.organisation_id), policy)
    last = {
        (await owner.post("/v1/organisations", OPEN | {"name": "The last"}))["id"],
        (await owner.post("/v1/engagements", OPEN | PLAN))["id"],
    }
    everyone = receivers.values()
    await until(lambda: all(last <= set(each.subjects) for each in everyone), BROUGHT_SECONDS)
    return planted


@pytest.mark.parametrize("name", READERS)
async def test_a_webhook_brings_what_the_rule_says_and_no_other_word(
    installation: Installation,
    spread: list[Planted],
    receivers: dict[str, Receiver],
    policy: Policy,
    name: str,
) -> None:
    lines = {line["id"]: line for line in installation.demo["personas"]}
    reader = clearance(lines[name], policy)
    brought = " ".join(got.body.decode() for got in receivers[name].got)
    shown = {one.id: one.shown_to(reader, policy) for one in spread}
    hidden = {word for one in spread for g, word in one.words.items() if g not in shown[one.id]}
    open_ = [one for one in spread if shown[one.id]]
    print(f"{len(receivers[name].got)} messages to {name}, {len(hidden)} words hidden from him")
    assert {word for word in hidden if word in brought} == set()
    assert {one.id for one in spread if one.id in receivers[name].subjects} == {
        one.id for one in open_
    }


async def test_no_word_is_in_a_log(installation: Installation, spread: list[Planted]) -> None:
    logs = sorted(installation.layout.var.glob("log/*.log"))
    told = {log.name: log.read_bytes() for log in logs}
    assert sum(map(len, told.values())) > 0
    assert _found(spread, told) == []


async def test_no_word_is_in_a_message_of_the_bus(
    installation: Installation, spread: list[Planted]
) -> None:
    """Its files hold every record's id; all is sealed but times and the gazetteer (DECISIONS.md, 4)."""
    files = installation.layout.nats.glob("**/*.blk")
    told = {str(file): file.read_bytes() for file in files}
    everything = b"".join(told.values())
    assert all(one.id.encode() in everything for one in spread)
    sealed = [replace(one, words=_sealed(one)) for one in spread if one.kind is not Kind.PLACE]
    assert _found(sealed, told) == []


async def test_no_word_is_in_a_figure(
    installation: Installation, partners: dict[str, Partner], spread: list[Planted]
) -> None:
    ports = installation.state.ports
    addresses = [f"http://{LOOPBACK}:{ports[name]}/metrics" for name in SERVICES]
    told = {}
    async with aiohttp.ClientSession(headers=partners[WITH_FIGURES].headers) as http:
        for address in addresses:
            async with http.get(address) as answer:
                assert answer.status == 200, address
                told[address] = await answer.read()
    assert all(b"parley" in figures for figures in told.values())
    assert _found(spread, told) == []


def _sealed(one: Planted) -> dict[Group, str]:
    return {group: word for group, word in one.words.items() if group is not Group.TIME}


def _found(spread: list[Planted], told: dict[str, bytes]) -> list[tuple[str, str]]:
    words = [word for one in spread for word in one.words.values()]
    return [(where, word) for where, raw in told.items() for word in words if word.encode() in raw]
