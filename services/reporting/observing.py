"""How far projections and rebuilds are, against what the streams hold."""

from typing import TYPE_CHECKING

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from services.reporting.running import Projecting
from shared.database import STATEMENT_SECONDS
from shared.projection_runner import Runner
from shared.standing import ProjectionStanding, RebuildStanding, Standing

if TYPE_CHECKING:
    import asyncpg

ASK_SECONDS = 1.0

_REBUILDS = "select generation, source, position, target from rebuilds order by source"


class Observer:
    """Of one process: projections that another replica runs are seen through the database."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", client: Client, projecting: Projecting
    ) -> None:
        self._pool = pool
        self._js = client.jetstream(timeout=ASK_SECONDS)
        self._projecting = projecting

    async def observe(self) -> Standing:
        """Raises what the database raises when it is away."""
        projecting = self._projecting
        held = {source: await self._held(source) for source in projecting.addresses}
        runners = [*projecting.main.values(), *projecting.overrides.values()]
        rows = await self._pool.fetch(_REBUILDS, timeout=STATEMENT_SECONDS)
        return Standing(
            projections=tuple(_standing(runner, held.get(runner.source)) for runner in runners),
            rebuilds=tuple(RebuildStanding(*row) for row in rows),
        )

    async def _held(self, source: str) -> int | None:
        """Position of the last event in the stream of `source`; None when nobody says."""
        try:
            stream = self._projecting.addresses[source].stream
            return (await self._js.stream_info(stream)).state.last_seq
        except (APIError, NatsError, OSError, TimeoutError):
            return None


def _standing(runner: Runner, held: int | None) -> ProjectionStanding:
    at = runner.checkpoint
    behind = None if held is None else max(held - at.position, 0)
    parked = f"{runner.parked.position}: {runner.parked.what}" if runner.parked else ""
    family = runner.name.partition("/")[0]
    return ProjectionStanding(family, runner.source, at.epoch, at.position, behind, parked)
