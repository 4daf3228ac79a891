"""A pool of connections to the made-up database: answers the statements of event store and projection.

Statements are known by what they touch. One that is not known here fails loudly: teach it.
"""

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from typing import Any

from tests.simulation.database import Database, Row
from tests.simulation.life import Life

# What each statement must hold to be the one; the first that fits is taken.
APPEND = "append_batch("
FIND_COMMAND = "from commands where"
HEAD = "begins_after) as position"
READ = "where position > $1"
LOAD = "where stream_id = $1"
BEGIN = "insert into checkpoints"
WHERE = "from checkpoints where"
SWAP = "update checkpoints"
SKIPPED = "from skipped_events"
FIND_PARKED = "from parked where"
RESUME = "delete from parked where projection = $1 and source = $2"
PARK = "insert into parked"
# What a process thinks it may use; nothing here runs out.
CONNECTIONS = 8
TAKE_LEASE = "insert into leases"
LET_GO = "update leases"


class UnknownStatementError(Exception):
    """The simulation has not learnt this statement."""


class Pool:
    """Of one process. Stands in for asyncpg's, with just what is used of it."""

    def __init__(self, database: Database, life: Life) -> None:
        self._database = database
        self._life = life

    def acquire(self, *, timeout: float | None = None) -> "Acquiring":
        return Acquiring(Connection(self._database, self._life))

    def get_max_size(self) -> int:
        return CONNECTIONS

    async def release(self, connection: "Connection") -> None:
        connection.release()

    async def fetchval(self, statement: str, *values: Any, timeout: float = 0) -> Any:  # noqa: ASYNC109 - as above
        # Any: values of several types
        async with self.acquire() as connection:
            return await connection.fetchval(statement, *values)

    async def fetchrow(self, statement: str, *values: Any, timeout: float = 0) -> Row | None:  # noqa: ASYNC109 - as above
        # Any: values of several types
        async with self.acquire() as connection:
            return await connection.fetchrow(statement, *values)

    async def execute(self, statement: str, *values: Any, timeout: float = 0) -> str:  # noqa: ASYNC109 - as above
        # Any: values of several types
        async with self.acquire() as connection:
            return await connection.execute(statement, *values)


class Acquiring:
    """For a block, or awaited and given back by `release`."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def __await__(self) -> Generator[Any, None, "Connection"]:  # Any: nothing is waited for
        yield from ()
        return self._connection

    async def __aenter__(self) -> "Connection":
        return self._connection

    async def __aexit__(self, *failed: object) -> None:
        self._connection.release()


class Connection:
    """One connection, perhaps in a transaction: then its writes wait for COMMIT."""

    def __init__(self, database: Database, life: Life) -> None:
        self._database = database
        self._life = life
        self._writes: list[Callable[[], None]] | None = None
        self._held: tuple[str, str] | None = None

    def is_closed(self) -> bool:
        return False

    async def fetch(self, statement: str, *values: Any, timeout: float = 0) -> list[Row]:  # noqa: ASYNC109 - as above
        # Any: values of several types
        database = self._database
        if APPEND in statement:
            return await self._life.ask_database(lambda: database.append(*values))
        if READ in statement:
            return await self._life.ask_database(lambda: database.read(*values))
        if LOAD in statement:
            return await self._life.ask_database(lambda: database.load(*values))
        if SKIPPED in statement:
            return await self._life.ask_database(list)
        raise UnknownStatementError(statement)

    async def fetchrow(self, statement: str, *values: Any, timeout: float = 0) -> Row | None:  # noqa: ASYNC109 - as above
        # Any: values of several types
        database = self._database
        if FIND_COMMAND in statement:
            return await self._life.ask_database(lambda: database.commands.get(values[0]))
        if HEAD in statement:
            return await self._life.ask_database(database.head_row)
        if FIND_PARKED in statement:
            return await self._life.ask_database(lambda: database.parked.get(values[:2]))
        if WHERE in statement:
            return await self._life.ask_database(lambda: database.checkpoint(*values[:2]))
        raise UnknownStatementError(statement)

    async def fetchval(self, statement: str, *values: Any, timeout: float = 0) -> Any:  # noqa: ASYNC109 - as above
        # Any: values of several types
        row = await self.fetchrow(statement, *values)
        return None if row is None else next(iter(row))

    async def execute(self, statement: str, *values: Any, timeout: float = 0) -> str:  # noqa: ASYNC109 - as above
        # Any: values of several types
        if BEGIN in statement:
            begin = self._database.checkpoints.setdefault
            await self._life.ask_database(lambda: begin((values[0], values[1]), (0, 0)))
            return "INSERT 0 1"
        if TAKE_LEASE in statement:
            taken = await self._life.ask_database(lambda: self._database.take_lease(*values))
            return f"INSERT 0 {int(taken)}"
        if LET_GO in statement:
            await self._life.ask_database(lambda: self._database.let_go(*values))
            return "UPDATE 1"
        if PARK in statement:
            await self._life.ask_database(lambda: self._database.park(*values))
            return "INSERT 0 1"
        if RESUME in statement:
            gone = await self._life.ask_database(lambda: self._database.parked.pop(values, None))
            return f"DELETE {int(gone is not None)}"
        if SWAP in statement:
            return await self._swap((values[0], values[1]), values[2:4], values[4:6])
        raise UnknownStatementError(statement)

    async def write(self, work: Callable[[], None]) -> None:
        """A write of the projection's own, within its transaction."""
        assert self._writes is not None
        await self._life.hop()
        self._writes.append(work)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        self._writes = []
        yield
        writes = self._writes
        await self._life.ask_database(lambda: _all(writes), may_be_late=False)

    def release(self) -> None:
        """What was not committed is gone, and so are its locks."""
        self._writes = None
        if self._held is not None:
            self._database.locks[self._held].release()
            self._held = None

    async def _swap(self, key: tuple[str, str], was: tuple[int, ...], to: tuple[int, ...]) -> str:
        assert self._writes is not None
        await self._database.locks[key].acquire()  # the row's lock, until the transaction ends
        self._held = key
        await self._life.hop()
        if self._database.compares and self._database.checkpoints[key] != was:
            return "UPDATE 0"
        self._writes.append(lambda: self._database.move(key, (to[0], to[1])))
        return "UPDATE 1"


def _all(writes: list[Callable[[], None]]) -> None:
    for write in writes:
        write()
