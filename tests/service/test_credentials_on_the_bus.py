"""Each NATS user may do exactly what its service needs: every other subject is refused."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from deploy.local.layout import Layout
from deploy.local.secrets import seed_file
from tests.service.bus_credentials import (
    EVERY_SUBJECT_TO_SUBSCRIBE,
    MISSION,
    SERVICES,
    SITE,
    every_subject_to_publish,
    lowered,
    refused_to_connect,
    signed_in,
    stream,
)
from tests.stack.running import run_nats_with_users
from tests.stack.servers import in_background


def writes(service: str) -> set[str]:
    own = stream(service)
    return {
        f"parley.{MISSION}.{SITE}.{service}.engagement.planned.v1",
        f"$JS.API.STREAM.CREATE.{own}",
        f"$JS.API.STREAM.DELETE.{own}",
        f"$JS.API.STREAM.INFO.{own}",
        f"$JS.API.STREAM.MSG.GET.{own}",
    }


def keeps(service: str) -> set[str]:
    objects = f"{stream(service)}-objects"
    return {
        f"{objects}.name.0",
        f"$JS.API.STREAM.CREATE.{objects}",
        f"$JS.API.STREAM.INFO.{objects}",
        f"$JS.API.STREAM.MSG.GET.{objects}",
    }


def reads(service: str) -> set[str]:
    other = stream(service)
    verbs = ("CREATE", "INFO", "MSG.NEXT")
    return {
        f"$JS.API.STREAM.INFO.{other}",
        *(f"$JS.API.CONSUMER.{verb}.{other}.one" for verb in verbs),
    }


WAKE = f"parley.{MISSION}.{SITE}.wake.reporting"
MAY_PUBLISH = {
    "contacts": writes("contacts"),
    "engagements": writes("engagements") | keeps("engagements") | reads("contacts"),
    "reporting": reads("contacts") | reads("engagements") | reads("gateway") | {WAKE},
    "gateway": writes("gateway"),
}
MAY_SUBSCRIBE = {
    "contacts": {"_INBOX_contacts.>"},
    "engagements": {"_INBOX_engagements.>"},
    "reporting": {"_INBOX_reporting.>"},
    "gateway": {"_INBOX_gateway.>", WAKE},
}


@pytest.fixture(scope="module")
def guarded_nats(layout: Layout) -> Iterator[str]:
    """The address of a server with the users and rights of an installation."""

    async def open_up(stop: asyncio.Event, made: "Future[str]") -> None:
        await run_nats_with_users(layout, (MISSION, SITE), stop, made)

    with in_background(open_up) as url:
        yield url


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_publishes_only_what_it_needs(
    service: str, guarded_nats: str, layout: Layout
) -> None:
    async with signed_in(guarded_nats, seed_file(layout.secrets, service)) as credential:
        refused = await credential.refused_to_publish(every_subject_to_publish())
    assert refused == lowered(every_subject_to_publish() - MAY_PUBLISH[service])


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_subscribes_only_to_what_it_needs(
    service: str, guarded_nats: str, layout: Layout
) -> None:
    async with signed_in(guarded_nats, seed_file(layout.secrets, service)) as credential:
        refused = await credential.refused_to_subscribe(EVERY_SUBJECT_TO_SUBSCRIBE)
    assert refused == lowered(EVERY_SUBJECT_TO_SUBSCRIBE - MAY_SUBSCRIBE[service])


async def test_nobody_connects_without_a_key(guarded_nats: str) -> None:
    assert await refused_to_connect(guarded_nats)
