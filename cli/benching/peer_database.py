"""A database for the peer, on the server that ours is on."""

from urllib.parse import unquote, urlsplit

import asyncpg

from deploy.local.databases import Databases

NAME = "bench_peer"
CONNECT_SECONDS = 10
# One per thread, and some to spare, so that the peer never waits for a connection.
POOL = "20"


async def peer_environment(databases: Databases) -> dict[str, str]:
    """Makes the database if it is missing; what the library reads to find it."""
    connection = await asyncpg.connect(databases.admin_url, timeout=CONNECT_SECONDS)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", NAME):
            await connection.execute(f'create database "{NAME}"')
    finally:
        await connection.close()
    server = urlsplit(databases.admin_url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": NAME,
        "POSTGRES_HOST": server.hostname or "",
        "POSTGRES_PORT": str(server.port),
        "POSTGRES_USER": unquote(server.username or ""),
        "POSTGRES_PASSWORD": unquote(server.password or ""),
        "POSTGRES_POOL_SIZE": POOL,
        "POSTGRES_MAX_OVERFLOW": POOL,
    }
