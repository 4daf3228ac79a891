"""One PostgreSQL for the whole run; each test gets databases of its own, copied from templates."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import asyncpg

from deploy.local.databases import ROLES, Databases
from deploy.local.postgres import LocalPostgres
from deploy.local.provision import provision

MISSION, SITE = "test", "hq"
CONNECT_SECONDS = 10
TEMPLATE_PREFIX = "parley_"


@dataclass
class TestPostgres:
    """`fresh()` gives a whole set of migrated, empty databases."""

    __test__ = False
    server: LocalPostgres
    template: Databases
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def admin_url(self) -> str:
        return self.server.admin_url

    async def fresh(self, *names: str) -> "FreshDatabases":
        """Copies of the named databases (all when none is named); the roles are the template's."""
        number = next(self._numbers)
        connection = await asyncpg.connect(self.admin_url, timeout=CONNECT_SECONDS)
        try:
            for name in names or tuple(ROLES):
                await connection.execute(
                    f"create database t{number}_{name} template {self.template.name(name)} "
                    f"owner {self.template.role(name, 'owner')}"
                )
        finally:
            await connection.close()
        return FreshDatabases(self.template, f"t{number}_")


@dataclass(frozen=True)
class FreshDatabases:
    """Addresses of one test's databases."""

    template: Databases
    prefix: str

    def url(self, name: str, role: str) -> str:
        """`name`: contacts, engagements, gateway, reporting_read or keystore; `role`: owner, app..."""
        address = self.template.url(name, role)
        return address.rpartition("/")[0] + f"/{self.prefix}{name}"


def passwords() -> Mapping[str, str]:
    return {
        f"{TEMPLATE_PREFIX}{database}_{role}": "test"
        for database, roles in ROLES.items()
        for role in ("owner", *roles)
    }


async def made(server: LocalPostgres) -> TestPostgres:
    """Start `server` and make the templates."""
    await server.start()
    template = Databases(server.admin_url, TEMPLATE_PREFIX, dict(passwords()))
    await provision(template, MISSION, SITE, exercise=True)
    return TestPostgres(server, template)

