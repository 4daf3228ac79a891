"""A bus that loses, doubles, delays and reorders what it delivers, and falls silent, by seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingCameError

AT_ONCE = 9
LOST, DOUBLED, DELAYED, SILENT, SWAPPED = 0.02, 0.05, 0.03, 0.02, 0.1


@dataclass(frozen=True)
class ChaosClient:
    """Stands in for the bus's client where a consumer only reads."""

    client: Client
    seed: int

    def jetstream(self, **told: Any) -> "ChaosStream":
        return ChaosStream(self.client.jetstream(**told), Random(self.seed))


class ChaosStream:
    """The real one, but for what subscriptions deliver."""

    def __init__(self, stream: Any, chance: Random) -> None:
        self._stream = stream
        self._chance = chance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    async def pull_subscribe_bind(self, **told: Any) -> "ChaosSubscription":
        return ChaosSubscription(await self._stream.pull_subscribe_bind(**told), self._chance)


@dataclass
class ChaosSubscription:
    subscription: Any
    chance: Random
    late: list[Msg] = field(default_factory=list)
    silent: bool = False

    async def fetch(self, batch: int, timeout: float) -> list[Msg]:  # noqa: ASYNC109 - as the library has it
        """Raises the library's timeout when nothing is left to deliver."""
        late, self.late = self.late, []
        arrived = await self._arrived(timeout, give_up=not late)
        self.silent = self.silent or self._happens(SILENT)
        told = late + self._disturbed(arrived)
        if self.silent or not told:
            raise NothingCameError
        return told

    async def unsubscribe(self) -> None:
        await self.subscription.unsubscribe()

    async def _arrived(self, seconds: float, *, give_up: bool) -> list[Msg]:
        try:
            messages: list[Msg] = await self.subscription.fetch(AT_ONCE, timeout=seconds)
        except NothingCameError:
            if give_up:
                raise
            return []
        return messages

    def _disturbed(self, messages: Sequence[Msg]) -> list[Msg]:
        told: list[Msg] = []
        for message in messages:
            if self._happens(LOST):
                continue
            if self._happens(DELAYED):
                self.late.append(message)
                continue
            told += [message] * (2 if self._happens(DOUBLED) else 1)
            if self._happens(SWAPPED):
                told[-2:] = reversed(told[-2:])
        return told

    def _happens(self, likely: float) -> bool:
        return self.chance.random() < likely
