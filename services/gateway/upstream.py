"""The hop to the services: one pool, named timeouts, every request signed for exactly what it asks."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from services.gateway.positions import Memory, Vector, at_least_header, furthest
from services.gateway.reads.book import ReadBook
from services.gateway.reads.channels import Channel
from services.gateway.reads.noticing import names_all
from services.gateway.second_check import only_readable
from services.gateway.service_errors import not_answering, refused
from shared import trace
from shared.policy import Policy
from shared.principal import Principal
from shared.principal_signing import HEADER, Signer, request_digest

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 15.0
# Shorter than the services keep a connection open, so that we never write into one they are closing.
IDLE_SECONDS = 20.0
CONNECTIONS_PER_SERVICE = 64
# Every write carries an idempotency key and reads change nothing: once more is always safe.
ATTEMPTS = 2
AGAIN_AFTER_SECONDS = 0.05
WHOLE_BYTES = 512 * 1024
RAW = "application/octet-stream"

Params = Mapping[str, str]
Json = dict[str, Any]  # Any: JSON of a service


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What a service answered: a success; anything else is raised. `content`: of a file, which is no JSON."""

    status: int
    body: Json
    headers: Mapping[str, str]
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Upstream:
    """Calls services as somebody, and notes what he is shown.

    Raises AppError with the service's problem, BusyError when it is down.
    """

    http: aiohttp.ClientSession
    signer: Signer
    services: Mapping[str, str]
    policy: Policy
    reads: ReadBook
    memory: Memory = field(default_factory=Memory)
    channel: Channel = Channel.API

    def by(self, channel: Channel) -> "Upstream":
        """The same, for answers that go on by another way than the API's."""
        return replace(self, channel=channel)

    async def get(
        self,
        service: str,
        path: str,
        params: Params,
        principal: Principal,
        *,
        at_least: Vector | None = None,
    ) -> Json:
        """The answer's JSON. It includes the caller's own last writes, and what `at_least` names."""
        known = furthest([self.memory.recall(principal.client), at_least or {}])
        return await self._read(service, path, params, principal, at_least_header(known))

    async def peek(self, service: str, path: str, params: Params, principal: Principal) -> Json:
        """As `get`, but without waiting for the caller's own last writes."""
        return await self._read(service, path, params, principal, {})

    async def command(
        self,
        service: str,
        method: str,
        path: str,
        body: bytes | Mapping[str, Any],  # Any: JSON
        principal: Principal,
        headers: Params,
    ) -> ServiceAnswer:
        """A write; `headers` hold its Idempotency-Key and what else goes along.

        It may refer to what its caller wrote elsewhere a moment ago: that is waited for.
        """
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        sent = {"Content-Type": "application/json", **self._own_writes(principal), **headers}
        answer = await self._call(service, method, path, raw, principal, sent)
        self.memory.remember(principal.client, service, answer.body)
        return answer

    async def asked(
        self, service: str, path: str, body: Mapping[str, Any], principal: Principal
    ) -> Json:  # Any: JSON
        """The answer to a question that is too long for an address. It writes nothing."""
        sent = {"Content-Type": "application/json", **self._own_writes(principal)}
        answer = await self._call(service, "POST", path, orjson.dumps(body), principal, sent)
        return answer.body

    async def file(self, service: str, path: str, principal: Principal) -> bytes:
        """A file's content. Whether the caller may have it is for the service to say, and for us before."""
        answer = await self._call(service, "GET", path, b"", principal, {})
        return answer.content

    def _own_writes(self, principal: Principal) -> Params:
        return at_least_header(self.memory.recall(principal.client))

    async def _read(
        self, service: str, path: str, params: Params, principal: Principal, headers: Params
    ) -> Json:
        way = self.channel.way(path)
        noted = way is not None and names_all(path)
        who = principal if noted else principal.without_emergency
        answer = await self._call(service, "GET", target(path, params), b"", who, headers)
        shown = only_readable(self.policy, who, answer.body)
        if way is not None:
            await self.reads.note(who, way, path, shown)
        return shown

    async def ready(self, service: str) -> None:
        """Raises unless the service says it is ready."""
        async with self.http.get(f"{self.services[service]}/health/ready") as answer:
            answer.raise_for_status()

    async def _call(
        self,
        service: str,
        method: str,
        at: str,
        body: bytes,
        principal: Principal,
        headers: Params,
    ) -> ServiceAnswer:
        signed = self.signer.sign(principal, service, request_digest(method, at, body))
        span = trace.current()
        sent = {**headers, HEADER: signed} | ({"traceparent": str(span)} if span else {})
        url = URL(self.services[service] + at, encoded=True)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._once(service, method, url, body, sent)
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as broken:
                if attempt == ATTEMPTS:
                    raise not_answering(service) from broken
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
            except TimeoutError as late:
                raise not_answering(service) from late
        raise not_answering(service)

    async def _once(
        self, service: str, method: str, url: URL, body: bytes, headers: Params
    ) -> ServiceAnswer:
        async with self.http.request(method, url, data=_sent(body), headers=headers) as answer:
            raw = await answer.read()
            if answer.status >= 400:
                raise refused(service, answer.status, raw, answer.headers)
            if answer.content_type == RAW:
                return ServiceAnswer(answer.status, {}, answer.headers, raw)
            return ServiceAnswer(answer.status, orjson.loads(raw), answer.headers)


@asynccontextmanager
async def open_upstream(
    signer: Signer, services: Mapping[str, str], policy: Policy, reads: ReadBook
) -> AsyncIterator[Upstream]:
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
    connector = aiohttp.TCPConnector(
        limit=0, limit_per_host=CONNECTIONS_PER_SERVICE, keepalive_timeout=IDLE_SECONDS
    )
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        yield Upstream(http, signer, services, policy, reads)


def _sent(body: bytes) -> bytes | io.BytesIO | None:
    """A file goes out piece by piece, so that others are served meanwhile."""
    return io.BytesIO(body) if len(body) > WHOLE_BYTES else body or None


def target(path: str, params: Params) -> str:
    """Path and query exactly as they are signed and sent."""
    query = "&".join(
        f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in params.items()
    )
    return f"{path}?{query}" if query else path
