"""The one way out to receivers: guarded, bounded, following nothing, with named timeouts."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp

from services.gateway.webhooks.guard import Guard
from shared.clock import utc_now

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
ANSWER_LIMIT_BYTES = 4 * 1024
LINE_LIMIT_BYTES = 4 * 1024
CONNECTIONS = 200
RETRY_AFTER_LIMIT_SECONDS = 24 * 3600.0
GONE = 410
# Why an attempt failed, in words an owner can act on; a status is spelled `status_503`.
NO_ANSWER, TOO_SLOW, NOT_TRUSTED, NO_HTTP = "no_connection", "timeout", "tls", "not_http"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request to a receiver went. `why`: None when it was accepted."""

    status: int | None
    why: str | None
    retry_after_seconds: float = 0.0
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Outgoing:
    http: aiohttp.ClientSession
    guard: Guard
    answer_seconds: float = ANSWER_SECONDS

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, reads: bool = False
    ) -> Outcome:
        """One attempt; it never raises for what a receiver does.

        `reads`: with the beginning of the answer's body. Otherwise its status is all that is awaited.
        """
        try:
            async with (
                asyncio.timeout(self.answer_seconds),
                self.http.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                read = await _beginning(answer.content) if reads else b""
                return _outcome(answer.status, answer.headers, read)
        except TimeoutError:
            return Outcome(None, TOO_SLOW)
        except (aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError):
            return Outcome(None, NOT_TRUSTED)
        except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError, aiohttp.InvalidURL):
            return Outcome(None, NO_HTTP)
        except (aiohttp.ClientError, OSError):
            # Refused by the guard, not resolved, not listening: told alike, so that nobody learns
            # from it what is on the networks around us.
            return Outcome(None, NO_ANSWER)


@asynccontextmanager
async def open_outgoing(guard: Guard, ca_file: Path | None) -> AsyncIterator[Outgoing]:
    """`ca_file`: certificates that receivers on premise are signed by, besides the public ones."""
    trusted = ssl.create_default_context()
    if ca_file is not None:
        trusted.load_verify_locations(ca_file)
    connector = aiohttp.TCPConnector(
        ssl=trusted,
        limit=CONNECTIONS,
        limit_per_host=0,
        use_dns_cache=False,
        force_close=True,
        socket_factory=guard.open_socket,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=LINE_LIMIT_BYTES,
        max_field_size=LINE_LIMIT_BYTES,
    ) as http:
        yield Outgoing(http, guard)


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    read = b""
    while len(read) < ANSWER_LIMIT_BYTES:
        chunk = await content.read(ANSWER_LIMIT_BYTES - len(read))
        if not chunk:
            break
        read += chunk
    return read


def _outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status, None, body=body)
    return Outcome(status, f"status_{status}", _retry_after(headers.get("Retry-After", "")))


def _retry_after(given: str) -> float:
    """Seconds or a date (RFC 9110, 10.2.3); 0 when it is neither."""
    if given.isdecimal() and given.isascii():
        return min(float(given[:9]), RETRY_AFTER_LIMIT_SECONDS)
    try:
        moment = parsedate_to_datetime(given)
        seconds = (moment - utc_now()).total_seconds()
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), RETRY_AFTER_LIMIT_SECONDS)
