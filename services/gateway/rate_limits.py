"""How fast one caller may ask: a bucket per client that fills steadily. Headers as the IETF drafts them.

It counts the caller's own requests and nothing else, whatever they lead to, so it tells nothing of
what is hidden. Each replica counts for itself.
"""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import AppError

WINDOW_SECONDS = 60
REMEMBERED = 10_000
NAME = "client"
TAKEN = "rate_taken"


class RateLimitError(AppError):
    status, code, title = 429, "rate_limited", "Too many requests"


@dataclass(frozen=True, slots=True)
class Taken:
    """What is left after this request, and in how many seconds the bucket is full again."""

    quota: int
    remaining: int
    full_after_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{NAME}";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"{NAME}";r={self.remaining};t={self.full_after_seconds}',
        }


@dataclass(slots=True)
class Buckets:
    """`per_window`: how many requests a client may make within WINDOW_SECONDS, also all at once."""

    per_window: int
    of: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, client: str, now: float) -> tuple[Taken, bool]:
        """One request of `client` at `now` (seconds, monotonic); whether it may be answered."""
        rate = self.per_window / WINDOW_SECONDS
        held, since = self.of.get(client, (float(self.per_window), now))
        held = min(self.per_window, held + (now - since) * rate)
        admitted = held >= 1
        held -= 1 if admitted else 0
        self.of[client] = (held, now)
        self.of.move_to_end(client)
        if len(self.of) > REMEMBERED:
            self.of.popitem(last=False)
        left = math.ceil((self.per_window - held) / rate)
        return Taken(self.per_window, int(held), left), admitted

    def wait_seconds(self) -> int:
        """How long an empty bucket takes to hold one request again."""
        return max(1, math.ceil(WINDOW_SECONDS / self.per_window))


def count(request: Request, client: str) -> None:
    """Once a request, however often it asks who its caller is. Raises RateLimitError."""
    if hasattr(request.state, TAKEN):
        return
    buckets: Buckets = request.app.state.buckets
    taken, admitted = buckets.take(client, time.monotonic())
    setattr(request.state, TAKEN, taken)
    if not admitted:
        raise RateLimitError(
            "You ask faster than this gateway answers one client; wait and go on.",
            retry_after_seconds=buckets.wait_seconds(),
        )


class RateLimitHeaders:
    """Says on every answer to a known caller how much he has left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            taken: Taken | None = scope.get("state", {}).get(TAKEN)
            if message["type"] == "http.response.start" and taken is not None:
                told = [(k.lower().encode(), v.encode()) for k, v in taken.headers.items()]
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, sending)
