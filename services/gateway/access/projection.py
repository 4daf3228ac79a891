"""The access tables, made from events: a row is what the fold of its stream says, and nothing else.
Beside them the read log: its rows are what one event says.

Each row is written whole, so that the order in which streams are taken in does not matter. Whoever changes
access takes the change in before he is answered; what a process left behind when it died, any other takes in.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby

from services.gateway.access.account import account
from services.gateway.access.client import client
from services.gateway.access.partner import partner
from services.gateway.access.projection_rows import put_account, put_client, put_partner
from services.gateway.emergency.glass import glass
from services.gateway.emergency.rows import put_glass
from services.gateway.reads.rows import READS_NOTED, put_reads
from services.gateway.viewing.rows import put_viewing
from services.gateway.viewing.viewing import viewing
from shared.database import Pool, Pooled, is_passing
from shared.epoch_events import EPOCH_OPENED
from shared.errors import BusyError
from shared.eventstore.store import EventStore
from shared.ids import Kind, RecordId
from shared.record_state import fold
from shared.sealing import Opened, Vault

BATCH = 500
LOOK_SECONDS = 0.5
FOLLOWED = "select position from access_followed for update"
FOLLOW = "update access_followed set position = $1"
# Taken in by themselves, or none of access.
OF_NO_RECORD = (READS_NOTED, EPOCH_OPENED)
TABLES = (
    "access_partners",
    "access_accounts",
    "access_clients",
    "emergency_access",
    "viewings",
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AccessProjection:
    """One at a time over all replicas: the checkpoint's row is locked meanwhile.

    Here they wait for their turn without a connection: whoever follows needs a second one to read events, and
    would wait for those who hold one each and wait for the row.
    """

    pool: Pool
    store: EventStore
    vault: Vault
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def catch_up(self) -> None:
        """Take in every event there is. Raises BusyError or asyncpg's errors; then nothing is taken in."""
        async with self.turn, self.pool.acquire() as connection, connection.transaction():
            await self._follow(connection)

    async def run(self) -> None:
        """For ever: take in what other processes have decided, within LOOK_SECONDS."""
        while True:
            try:
                await self.catch_up()
            except Exception as fault:
                if not (isinstance(fault, BusyError) or is_passing(fault)):
                    raise
                _log.warning(
                    "access was not brought up to date", extra={"error": type(fault).__name__}
                )
            await asyncio.sleep(LOOK_SECONDS)

    async def rebuild(self) -> tuple[str, str]:
        """Make the tables anew; digests of what they held before and after, which must be equal."""
        async with self.turn, self.pool.acquire() as connection, connection.transaction():
            await self._follow(connection)
            before = await digest(connection)
            for table in TABLES:
                await connection.execute(f"delete from {table}")  # noqa: S608 - a constant
            await connection.execute(FOLLOW, 0)
            await self._follow(connection)
            return before, await digest(connection)

    async def _follow(self, connection: Pooled) -> None:
        position: int = await connection.fetchval(FOLLOWED)
        start = position
        while events := await self.store.read_all(position, BATCH):
            position = events[-1].position
            noted = [one for one in events if one.type == READS_NOTED]
            await put_reads(connection, await self.vault.open_all(noted))
            streams = {one.stream_id for one in events if one.type not in OF_NO_RECORD}
            await self._take(connection, sorted(streams))
        if position != start:
            await connection.execute(FOLLOW, position)

    async def _take(self, connection: Pooled, streams: Sequence[str]) -> None:
        opened = await self.vault.open_all(await self.store.load_many(streams))
        for stream, events in groupby(opened, lambda one: one.recorded.stream_id):
            await _put(connection, RecordId.parse(stream), list(events))


async def digest(connection: Pooled) -> str:
    """Of everything the tables hold."""
    found = sha256()
    for table in TABLES:
        query = f"select t::text from {table} t order by record_id"  # noqa: S608 - constants
        for row in await connection.fetch(query):
            found.update(f"{table} {row[0]}\n".encode())
    return found.hexdigest()


async def _put(connection: Pooled, record_id: RecordId, events: Sequence[Opened]) -> None:
    match record_id.kind:
        case Kind.PARTNER:
            await put_partner(connection, fold(partner, record_id, events))
        case Kind.ACCOUNT:
            await put_account(connection, fold(account, record_id, events))
        case Kind.CLIENT:
            await put_client(connection, fold(client, record_id, events))
        case Kind.GLASS:
            await put_glass(connection, fold(glass, record_id, events))
        case Kind.VIEWING:
            await put_viewing(connection, fold(viewing, record_id, events))
        case _:
            return
