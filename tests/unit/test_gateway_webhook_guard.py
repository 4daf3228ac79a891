"""Where webhooks may lead to, decided on the address a connection is made to; and when they try again."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from services.gateway.webhooks.guard import Guard, RefusedAddressError, guard_of
from services.gateway.webhooks.outgoing import NO_ANSWER, NO_HTTP, TOO_SLOW, open_outgoing
from services.gateway.webhooks.schedule import WAITS, WINDOW_SECONDS, Schedule
from shared.errors import InvalidError

HIDDEN = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - an address like the others here
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "2606:2800:220:1::1"]


class Named(AbstractResolver):
    """Says that every name is this address."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host=self.address, port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        return None


@dataclass
class Dripping:
    """A server on loopback whose answers begin and never end."""

    port: int = 0
    seen: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request.path)
        begun = web.StreamResponse()
        await begun.prepare(request)
        await begun.write(b'{"challenge"')
        await self.released.wait()
        return begun


@pytest.fixture
async def dripping() -> AsyncIterator[Dripping]:
    server, app = Dripping(), web.Application()
    app.router.add_post("/hook", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    yield server
    server.released.set()
    await runner.cleanup()


@pytest.mark.parametrize("address", HIDDEN)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not Guard().admits(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_admitted(address: str) -> None:
    assert Guard().admits(ipaddress.ip_address(address))


def test_an_installation_allows_networks_of_its_own_and_no_others() -> None:
    guard = guard_of(["10.20.0.0/16", " fd00:1::/32 "])
    assert guard.admits(ipaddress.ip_address("10.20.3.4"))
    assert guard.admits(ipaddress.ip_address("fd00:1::5"))
    assert not guard.admits(ipaddress.ip_address("10.21.0.1"))


def test_plain_http_leads_to_loopback_at_most_and_only_where_that_is_allowed() -> None:
    at_home = guard_of(["127.0.0.0/8", "10.0.0.0/8"])
    assert at_home.check_url("http://127.0.0.1:9000/hook")
    assert at_home.check_url("http://localhost:9000/hook")
    with pytest.raises(InvalidError):
        at_home.check_url("http://10.0.0.1/hook")
    with pytest.raises(InvalidError):
        Guard().check_url("http://localhost:9000/hook")


def test_no_socket_is_opened_to_a_refused_address() -> None:
    where = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(RefusedAddressError):
        Guard().open_socket(where)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "partner.example"])
async def test_no_spelling_of_a_refused_address_is_connected_to(
    dripping: Dripping, host: str
) -> None:
    async with open_outgoing(Guard(), None) as outgoing:
        connector = outgoing.http.connector
        assert isinstance(connector, aiohttp.TCPConnector)
        connector._resolver = Named("127.0.0.1")
        outcome = await outgoing.post(f"http://{host}:{dripping.port}/hook", {}, b"{}")
    assert (outcome.status, outcome.why in (NO_ANSWER, NO_HTTP)) == (None, True)
    assert dripping.seen == []


async def test_a_receiver_that_never_ends_its_answer_is_given_up(dripping: Dripping) -> None:
    async with open_outgoing(guard_of(["127.0.0.0/8"]), None) as outgoing:
        impatient = replace(outgoing, answer_seconds=0.3)
        url = f"http://127.0.0.1:{dripping.port}/hook"
        proof = await impatient.post(url, {}, b"{}", reads=True)
        told = await impatient.post(url, {}, b"{}")
    assert proof.why == TOO_SLOW
    assert (told.status, told.why) == (200, None)


@pytest.mark.parametrize("failures", [1, 4, 10, 40])
def test_waits_grow_and_end_with_the_window(failures: int) -> None:
    now = datetime(2030, 1, 2, tzinfo=UTC)
    day, wait = timedelta(hours=24), WAITS[min(failures, len(WAITS)) - 1] * WINDOW_SECONDS
    schedule = Schedule()
    following = schedule.next_attempt(now, now, failures)
    asked = schedule.next_attempt(now, now, failures, 20 * 3600)
    assert following is not None
    assert 0.8 * wait <= (following - now).total_seconds() <= 1.2 * wait
    assert asked == now + timedelta(hours=20)
    assert schedule.next_attempt(now + day / 2, now, failures, 23 * 3600) == now + day
    assert schedule.next_attempt(now + day, now, failures) is None


def test_the_waits_fill_the_window_and_not_more() -> None:
    assert 0.9 < sum(WAITS) < 1


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/hook",
        "http://example.org/hook",
        "https://user:secret@example.org/hook",
        "ftp://example.org/hook",
        "https:///hook",
        "nonsense",
    ],
)
def test_an_address_that_is_not_open_to_webhooks_is_refused(url: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Guard().check_url(url)
    assert refused.value.errors[0].pointer == "/url"
