"""Fault: more comes in than the database takes. Promise: once the queue is full, whoever comes is told 503
with `Retry-After` instead of being made to wait; who was let in is served, who was not loses nothing by
trying again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import aiohttp
import asyncpg

from deploy.local.state import free_port
from services.engagements.app import create_app
from services.engagements.settings import EngagementsSettings
from services.gateway.access.account_commands import GrantAccount
from shared.contracts.gateway import GrantKind
from shared.eventstore.appender import BATCH_BYTES
from shared.eventstore.store import open_store
from shared.eventstore.verify import verify_store
from shared.values import Text
from tests.service.deciding_world import Answer, Installed, serving
from tests.service.engagement_world import a_plan
from tests.service.gateway_calls import call, keyed
from tests.service.gateway_world import run_world

SECONDS = 30
LOOK_AGAIN_SECONDS = 0.2
MORE = 6
WHY = Text(text="Writes plans.", lang="en")
LINES, LINE_CHARACTERS = 50, 10_000
LARGE = a_plan(own_side={"talking_points": ["x" * LINE_CHARACTERS] * LINES})
# Sealed, and spelled as JSON can hold it, it is larger by a third. One is in flight, one tips it over.
FIT_IN_A_BATCH = BATCH_BYTES // (LINES * LINE_CHARACTERS) + 2

Send = Callable[[str], Coroutine[object, object, Answer]]


async def test_a_service_whose_queue_is_full_refuses_and_serves_whom_it_let_in(
    installed: Installed,
) -> None:
    async with installed.engagements() as caller:
        await caller.until_ready()

        async def send(key: str) -> Answer:
            return await caller.post("/engagements", LARGE, key=key)

        await _refuses_and_serves(send, installed.databases, _queue_at(caller.http, "/metrics"))


async def test_the_gateway_passes_the_refusal_on_to_its_callers(postgres, nats, layout) -> None:
    databases, port = await postgres.fresh("gateway", "engagements", "keystore"), free_port()
    url = f"http://127.0.0.1:{port}"
    async with run_world(layout, databases, nats.url, engagements_url=url) as world:
        mission = world.app.state.gateway.settings.mission
        installed = Installed(databases, nats.url, mission, layout.secrets)
        settings = EngagementsSettings(**(installed.settings("engagements") | {"port": port}))
        await world.order("ann", GrantAccount(GrantKind.CAVEAT, "OWN_SIDE", WHY))
        bearer = await world.bearer("ann")

        async def send(key: str) -> Answer:
            answer, told = await call(world, "POST", "/v1/engagements", keyed(bearer, key), LARGE)
            return Answer(answer.status, told, answer.headers)

        app = create_app(settings)
        async with serving(app, port, "engagements", layout.secrets) as caller:
            await caller.until_ready()
            await _refuses_and_serves(send, databases, _queue_at(caller.http, "/metrics"))


async def _refuses_and_serves(send: Send, databases, queued: Callable[[], Awaitable[int]]) -> None:
    async with asyncio.timeout(SECONDS):
        async with _appends_held_up(databases):
            callers = await _callers_until_one_is_refused(send)
            waiting = await queued()
            more = [await send(f"more {number}") for number in range(MORE)]
            assert {_told(answer) for answer in more} == {(503, "busy", "1")}
            assert await queued() == waiting <= FIT_IN_A_BATCH
        answers = await asyncio.gather(*callers)
    told = [_told(answer)[0] for answer in answers]
    assert (set(told), told.count(201)) == ({201, 503}, waiting)
    again = await asyncio.gather(*(send(f"caller {number}") for number in range(len(callers))))
    assert {answer.status for answer in again} == {201}
    assert [one.id for one, first in zip(again, told, strict=True) if first == 201] == [
        answer.id for answer in answers if answer.status == 201
    ]
    async with open_store(databases.url("engagements", "app"), connections=2) as store:
        streams = {event.stream_id for event in await store.read_all(0, 1_000)}
        assert streams == {answer.id for answer in again}
        assert await verify_store(store, lambda _: None) == []


async def _callers_until_one_is_refused(send: Send) -> list[asyncio.Task[Answer]]:
    """One after the other comes while those before wait."""
    callers: list[asyncio.Task[Answer]] = []
    refused: list[asyncio.Task[Answer]] = []
    while not refused:
        callers.append(asyncio.create_task(send(f"caller {len(callers)}")))
        await asyncio.wait(callers[-1:], timeout=LOOK_AGAIN_SECONDS)
        refused = [caller for caller in callers if caller.done()]
    assert {_told(caller.result()) for caller in refused} == {(503, "busy", "1")}
    return callers


@asynccontextmanager
async def _appends_held_up(databases) -> AsyncIterator[None]:
    """Somebody else stands in the queue of appenders and does not go on."""
    owner = await asyncpg.connect(databases.url("engagements", "owner"), timeout=SECONDS)
    try:
        async with owner.transaction():
            await owner.execute("select 1 from append_lock for update")
            yield
    finally:
        await owner.close()


def _queue_at(http: aiohttp.ClientSession, url: str) -> Callable[[], Awaitable[int]]:
    """How many appends wait, as the service's own figures tell."""

    async def queued() -> int:
        async with http.get(url) as answer:
            lines = (await answer.text()).splitlines()
        [value] = [line.split()[1] for line in lines if line.startswith("parley_append_queue ")]
        return int(value)

    return queued


def _told(answer: Answer) -> tuple[int, str | None, str | None]:
    return answer.status, answer.json.get("code"), answer.headers.get("Retry-After")
