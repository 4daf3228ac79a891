"""`python -m deploy.docker.databases`: makes the databases and roles of both servers, then ends.

The one place where administrators' passwords are known besides the servers. Also migrates the key store,
which belongs to no service.
"""

import asyncio
import json
from pathlib import Path

import asyncpg

from deploy.docker import addresses
from deploy.local.databases import CONNECT_SECONDS, make_databases
from deploy.local.postgres import CLOSE_OWN_DATABASES
from shared import logs
from shared.migrate import KEYSTORE, migrate


async def make(passwords: dict[str, str]) -> None:
    """Safe to repeat: makes what is missing and sets every password."""
    for server, names in addresses.SERVERS.items():
        here = addresses.databases(server, passwords)
        await make_databases(here, names)
        connection = await asyncpg.connect(here.admin_url, timeout=CONNECT_SECONDS)
        try:
            await connection.execute(CLOSE_OWN_DATABASES)
        finally:
            await connection.close()
    await migrate(KEYSTORE, addresses.url(KEYSTORE, "owner", passwords))


def main() -> None:
    logs.configure("databases", "info")
    asyncio.run(make(json.loads(Path(addresses.MOUNTED, "database.json").read_text("utf-8"))))


if __name__ == "__main__":
    main()
