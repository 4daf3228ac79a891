"""Follows the contacts stream, so that engagements knows whom and where it may refer to."""

import asyncio
import logging
from contextvars import ContextVar

import asyncpg
from nats.aio.client import Client

from services.engagements.reference_store import SOURCE, OvertakenError, ReferenceStore
from shared.bus import Address
from shared.consumer import Consumer, ForkedError
from shared.errors import BusyError, HealthError, MalformedError
from shared.eventstore.model import Recorded

WAIT_SECONDS = 2.0
RETRY_SECONDS = 0.5
HALT_SECONDS = 5.0

_log = logging.getLogger(__name__)
# Whether the caller of this request has seen more of contacts than is known here.
_behind: ContextVar[bool] = ContextVar("behind", default=False)


def check_found() -> None:
    """For when something is not found. Raises BusyError when it may just not have arrived yet."""
    if _behind.get():
        raise BusyError(
            "What you wrote before has not arrived here yet; try again.", retry_after_seconds=1
        )


class StoppedError(HealthError):
    """The contacts stream is not followed: something in it, or in us, is wrong."""


class Following:
    """One per process; several at once are harmless, the checkpoint lets one take each event."""

    def __init__(self, references: ReferenceStore, mission: str, site: str) -> None:
        self._references = references
        self._address = Address(mission, site, SOURCE)
        self._moved = asyncio.Condition()
        self._reached = (0, 0)
        self._waited_at: tuple[int, int] | None = None
        self._at = 0
        self._wrong: str | None = None

    async def run(self, client: Client) -> None:
        """For ever, from the checkpoint on."""
        while True:
            try:
                await self._follow(client)
            except ForkedError:
                _log.error("contacts was restored to another history; it is read anew")
                await self._references.start_over()
            except (
                OvertakenError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                OSError,
            ) as fault:
                _log.info("following starts again", extra={"error": type(fault).__name__})
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as wrong:  # noqa: BLE001 - whatever it is, it is reported by health
                # Stop, alert, resume: references grow old, and health says so.
                self._wrong = type(wrong).__name__
                _log.exception("following stopped", extra={"error": self._wrong})
                await asyncio.sleep(HALT_SECONDS)

    async def check(self) -> None:
        """For health: raises when stopped."""
        if self._wrong:
            raise StoppedError(self._wrong)

    async def until(self, at_least: str | None) -> None:
        """Wait until what the caller has seen of contacts is known here (`contacts=1:120,...`).

        At most WAIT_SECONDS, and not again before something came: then the command goes on, for the bus
        may be away, and `check_found` refuses what it does not find. Raises MalformedError for what is
        not such a list.
        """
        wanted = _wanted(at_least)
        _behind.set(wanted > self._reached and not await self._arrives(wanted))

    async def _arrives(self, wanted: tuple[int, int]) -> bool:
        if self._waited_at == self._reached:
            return False
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._moved:
                await self._moved.wait_for(lambda: wanted <= self._reached)
        except TimeoutError:
            self._waited_at = self._reached
            return False
        return True

    async def _follow(self, client: Client) -> None:
        checkpoint = await self._references.checkpoint()
        await self._reach(checkpoint.epoch, checkpoint.position)
        self._at = checkpoint.position
        consumer = Consumer(client, self._address)
        await consumer.run(checkpoint.position, self._take, epoch=checkpoint.epoch)

    async def _take(self, events: list[Recorded]) -> None:
        await self._references.take(self._at, events)
        self._at = events[-1].position
        self._wrong = None
        await self._reach(events[-1].epoch, events[-1].position)

    async def _reach(self, epoch: int, position: int) -> None:
        async with self._moved:
            self._reached = (epoch, position)
            self._moved.notify_all()


def _wanted(at_least: str | None) -> tuple[int, int]:
    """Epoch and position asked of contacts; (0, 0) when nothing is."""
    try:
        for one in (at_least or "").split(","):
            source, _, place = one.partition("=")
            if source.strip() == SOURCE:
                epoch, _, position = place.partition(":")
                return int(epoch), int(position)
    except ValueError:
        raise MalformedError("Parley-At-Least is not a list of positions.") from None
    return (0, 0)
