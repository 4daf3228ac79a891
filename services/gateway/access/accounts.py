"""People and machine clients as the gateway's tables hold them; one query per question."""

from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_ACCOUNT = """account_id, username, display_name, organisation_id, roles, communities, caveats,
    a.level as level, language, password_hash, policy_epoch"""
_BY_USERNAME = f"select {_ACCOUNT} from accounts a where username = $1 and disabled_at is null"  # noqa: S608 - constants only
_BY_ID = f"select {_ACCOUNT} from accounts a where account_id = $1 and disabled_at is null"  # noqa: S608 - constants only
_CLIENT = """select client_id, account_id, c.level as level, secret_hash
    from clients c join accounts a using (account_id)
    where client_id = $1 and c.disabled_at is null and a.disabled_at is null"""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. `level` is an id of the mission policy."""

    account_id: str
    username: str
    display_name: str
    organisation_id: str
    roles: frozenset[str]
    communities: frozenset[str]
    caveats: frozenset[str]
    level: str
    language: str
    password_hash: str
    policy_epoch: int


@dataclass(frozen=True, slots=True)
class Client:
    """A machine that acts for one person; `level` is its own ceiling."""

    client_id: str
    account_id: str
    level: str
    secret_hash: str


async def account_named(pool: Pool, username: str) -> Account | None:
    return _account(await pool.fetchrow(_BY_USERNAME, username))


async def account_by_id(pool: Pool, account_id: str) -> Account | None:
    """None when there is no such account, or it is disabled."""
    return _account(await pool.fetchrow(_BY_ID, account_id))


async def client_by_id(pool: Pool, client_id: str) -> Client | None:
    """None when there is no such client, or it or its person is disabled."""
    row = await pool.fetchrow(_CLIENT, client_id)
    return None if row is None else Client(**dict(row))


def _account(row: asyncpg.Record | None) -> Account | None:
    if row is None:
        return None
    sets = {name: frozenset(row[name]) for name in ("roles", "communities", "caveats")}
    return Account(**{**row, **sets})
