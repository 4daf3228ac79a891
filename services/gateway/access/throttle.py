"""Slows down guessing: failed sign-ins are counted by name and address together, by name, and by address.

So whoever fails in somebody's name from elsewhere does not keep him out, a person or a client, unless he
fails from very many places.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from services.gateway.access.accounts import Pool
from shared.clock import utc_now
from shared.errors import AppError

WINDOW = timedelta(minutes=15)
PER_PERSON = 10
PER_PERSON_ANYWHERE = 100
PER_ADDRESS = 50
PER_CLIENT = 30

_COUNT = "select count(*) from sign_in_failures where counted = $1 and failed_at > $2"
_ADD = (
    "insert into sign_in_failures (counted, failed_at) select unnest($1::text[]), $2::timestamptz"
)
_SWEEP = "delete from sign_in_failures where failed_at <= $1"
_FORGET = "delete from sign_in_failures where counted = $1"


class TooManyError(AppError):
    status, code, title = 429, "too_many", "Too many attempts"


async def check(pool: Pool, username: str, address: str) -> None:
    """Raises TooManyError when this person has failed too often of late from this address, or from
    anywhere, or this address has."""
    limits = {
        _person(username, address): PER_PERSON,
        _account(username): PER_PERSON_ANYWHERE,
        _address(address): PER_ADDRESS,
    }
    await _check(pool, limits)


async def failed(pool: Pool, username: str, address: str) -> None:
    await _failed(pool, _person(username, address), _account(username), _address(address))


async def check_client(pool: Pool, client_id: str, address: str) -> None:
    """Raises TooManyError when this client has failed too often of late from this address."""
    await _check(pool, {_client(client_id, address): PER_CLIENT})


async def client_failed(pool: Pool, client_id: str, address: str) -> None:
    await _failed(pool, _client(client_id, address))


async def succeeded(pool: Pool, username: str, address: str) -> None:
    """What failed from elsewhere stays counted."""
    await pool.execute(_FORGET, _person(username, address))


async def _check(pool: Pool, limits: Mapping[str, int]) -> None:
    since = utc_now() - WINDOW
    for counted, limit in limits.items():
        if (await pool.fetchval(_COUNT, counted, since)) >= limit:
            raise TooManyError(
                "Too many failed sign-ins; wait a while.",
                retry_after_seconds=int(WINDOW.total_seconds()),
            )


async def _failed(pool: Pool, *counted: str) -> None:
    now = utc_now()
    await pool.execute(_SWEEP, now - WINDOW)
    await pool.execute(_ADD, list(counted), now)


def _account(username: str) -> str:
    return "account:" + hashlib.sha256(username.encode()).hexdigest()


def _address(address: str) -> str:
    return "address:" + hashlib.sha256(address.encode()).hexdigest()


def _client(client_id: str, address: str) -> str:
    return "client:" + hashlib.sha256(f"{client_id}\n{address}".encode()).hexdigest()


def _person(username: str, address: str) -> str:
    return "person:" + hashlib.sha256(f"{username}\n{address}".encode()).hexdigest()
