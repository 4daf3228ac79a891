"""A small client for the gateway, as any partner would write one: token, bounded retries, batches."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from deploy.local.errors import LocalError

REQUEST_SECONDS = 60.0
CONNECT_SECONDS = 5.0
ATTEMPTS = 10
PAUSE_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 5.0
TRY_AGAIN = frozenset({429, 502, 503, 504})
UNAUTHENTICATED = 401
# Of the gateway's 1 MiB for a body: what is left is for the frame around the items.
BATCH_BYTES = 900_000
BATCH_ITEMS = 500

Json = dict[str, Any]  # Any: JSON


class GatewayError(LocalError):
    """The gateway did not do it; the message says what it answered."""

    def __init__(self, message: str, problem: Json | None = None) -> None:
        super().__init__(message)
        self.problem = problem or {}


@dataclass(frozen=True, slots=True)
class Credentials:
    client_id: str
    secret: str = field(repr=False)


@dataclass
class GatewayClient:
    """Use as `async with GatewayClient(url, credentials) as gateway`."""

    url: str
    credentials: Credentials
    session: aiohttp.ClientSession = field(init=False, repr=False)
    token: str = field(init=False, default="", repr=False)

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS, connect=CONNECT_SECONDS)
        self.session = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.session.close()

    async def get(self, path: str, **params: str) -> Json:
        """Raises GatewayError."""
        return await self._accepted("GET", path, params=params)

    async def post(self, path: str, body: Json, key: str, **params: str) -> Json:
        """A write under its idempotency key; repeating it is harmless. Raises GatewayError."""
        headers = {"Idempotency-Key": key}
        return await self._accepted("POST", path, body, headers=headers, params=params)

    async def batch(self, plural: str, items: Sequence[Json]) -> list[Json]:
        """The answers to up to 500 items, in order. Raises GatewayError when all of it is refused."""
        body = {"items": list(items)}
        key = hashlib.sha256(orjson.dumps(body)).hexdigest()
        answer = await self.post(f"/v1/{plural}/batch", body, key)
        answers: list[Json] = answer["items"]
        return answers

    async def sign_in(self) -> None:
        """Fetches a token. Raises GatewayError when the gateway does not know the client."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.secret,
        }
        status, answer = await self._patiently("POST", "/oauth/token", data=form)
        if "access_token" not in answer:
            said = answer.get("error_description") or f"it answered {status}"
            raise GatewayError(f"The gateway at {self.url} gave no token: {said}")
        self.token = answer["access_token"]

    async def _accepted(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        data = None if body is None else orjson.dumps(body)
        sent = {"Content-Type": "application/json", **(headers or {})}
        status, answer = await self._signed_in(method, path, data=data, headers=sent, params=params)
        if status >= 400:
            said = answer.get("detail") or answer.get("title") or "nothing more"
            raise GatewayError(f"{method} {path}: the gateway answered {status}: {said}", answer)
        return answer

    async def _signed_in(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        **request: Any,  # Any: aiohttp's own
    ) -> tuple[int, Json]:
        """A token lives for minutes: an outlived one is replaced, once."""
        if not self.token:
            await self.sign_in()
        status, answer = await self._patiently(method, path, headers=self._with(headers), **request)
        if status == UNAUTHENTICATED:
            await self.sign_in()
            return await self._patiently(method, path, headers=self._with(headers), **request)
        return status, answer

    def _with(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {**headers, "Authorization": f"Bearer {self.token}"}

    async def _patiently(
        self, method: str, path: str, **request: Any
    ) -> tuple[int, Json]:  # Any: aiohttp's own
        """Repeats while the gateway is away or busy, as long as it asks for, a bounded number of times."""
        pause, why = PAUSE_SECONDS, ""
        for _ in range(ATTEMPTS):
            try:
                async with self.session.request(method, self.url + path, **request) as answer:
                    content = await answer.read()
                    if answer.status not in TRY_AGAIN:
                        return answer.status, _parsed(content)
                    why = f"it answered {answer.status}"
                    pause = _asked_for(answer.headers.get("Retry-After"), pause)
            except (aiohttp.ClientError, TimeoutError) as lost:
                why = str(lost) or type(lost).__name__
            await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        raise GatewayError(f"The gateway at {self.url} is not available ({why}).")


def batches_of(items: Sequence[Json], most: int = BATCH_ITEMS) -> list[list[Json]]:
    """`items` in order, cut so that each part fits into one request."""
    parts: list[list[Json]] = [[]]
    size = 0
    for item in items:
        length = len(orjson.dumps(item)) + 1
        if parts[-1] and (len(parts[-1]) == most or size + length > BATCH_BYTES):
            parts.append([])
            size = 0
        parts[-1].append(item)
        size += length
    return [part for part in parts if part]


def _asked_for(retry_after: str | None, otherwise: float) -> float:
    return float(retry_after) if retry_after and retry_after.isdecimal() else otherwise


def _parsed(content: bytes) -> Json:
    try:
        answer = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError:
        return {"detail": "something that is not JSON; is this the gateway's address?"}
    return answer if isinstance(answer, dict) else {"items": answer}
