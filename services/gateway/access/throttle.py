"""Slows down guessing: failed sign-ins are counted by account name and by address."""

import hashlib
from datetime import timedelta

from services.gateway.access.accounts import Pool
from shared.clock import utc_now
from shared.errors import AppError

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 50

_COUNT = "select count(*) from sign_in_failures where counted = $1 and failed_at > $2"
_ADD = "insert into sign_in_failures (counted, failed_at) values ($1, $3), ($2, $3)"
_SWEEP = "delete from sign_in_failures where failed_at <= $1"
_FORGET = "delete from sign_in_failures where counted = $1"


class TooManyError(AppError):
    status, code, title = 429, "too_many", "Too many attempts"


async def check(pool: Pool, username: str, address: str) -> None:
    """Raises TooManyError when this account or address has failed too often of late."""
    since = utc_now() - WINDOW
    for counted, limit in ((_account(username), PER_ACCOUNT), (_address(address), PER_ADDRESS)):
        if (await pool.fetchval(_COUNT, counted, since)) >= limit:
            raise TooManyError(
                "Too many failed sign-ins; wait a while.",
                retry_after_seconds=int(WINDOW.total_seconds()),
            )


async def failed(pool: Pool, username: str, address: str) -> None:
    now = utc_now()
    await pool.execute(_SWEEP, now - WINDOW)
    await pool.execute(_ADD, _account(username), _address(address), now)


async def succeeded(pool: Pool, username: str) -> None:
    await pool.execute(_FORGET, _account(username))


def _account(username: str) -> str:
    return "account:" + hashlib.sha256(username.encode()).hexdigest()


def _address(address: str) -> str:
    return "address:" + hashlib.sha256(address.encode()).hexdigest()
