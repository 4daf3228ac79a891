"""One PostgreSQL for the whole run; each test gets databases of its own, copied from templates."""

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.databases import ROLES, Databases, close_to_others, logins

CONNECT_SECONDS = 10
# Older ones that nobody is connected to are dropped, or a long run would fill the disk.
KEPT_DATABASES = 60

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class FreshDatabases:
    """Addresses of one test's databases; roles and passwords are the templates'."""

    template: Databases
    prefix: str

    def url(self, name: str, role: str) -> str:
        """`name`: contacts, engagements, gateway, reporting_read, keystore; `role`: owner, app..."""
        parts = urlsplit(self.template.url(name, role))
        return urlunsplit(parts._replace(path=f"/{self.prefix}{name}"))


@dataclass
class TestPostgres:
    """`await postgres.fresh("contacts", "keystore")` gives migrated, empty databases."""

    __test__ = False
    template: Databases
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _made: deque[str] = field(default_factory=deque)

    @property
    def admin_url(self) -> str:
        return self.template.admin_url

    async def fresh(self, *names: str) -> FreshDatabases:
        """Copies of the named databases (all when none is named), migrated and empty."""
        made = FreshDatabases(self.template, f"t{next(self._numbers)}_")
        connection = await asyncpg.connect(self.admin_url, timeout=CONNECT_SECONDS)
        try:
            for name in names or tuple(ROLES):
                await self._copy(connection, name, made.prefix + name)
            await self._drop_old(connection)
        finally:
            await connection.close()
        return made

    async def _copy(self, connection: "Connection", name: str, copy: str) -> None:
        template, prefix = self.template.database(name), self.template.prefix
        owner = self.template.role(name, "owner")
        await connection.execute(
            f'create database "{copy}" template "{template}" owner "{owner}" strategy file_copy'
        )
        await close_to_others(connection, copy, logins(prefix, name))
        self._made.append(copy)

    async def _drop_old(self, connection: "Connection") -> None:
        for _ in range(max(0, len(self._made) - KEPT_DATABASES)):
            name = self._made.popleft()
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await connection.execute(f'drop database if exists "{name}"')
            except asyncpg.ObjectInUseError:
                self._made.append(name)
