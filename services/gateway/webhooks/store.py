"""Webhooks in the gateway's tables; one query per question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.gateway.webhooks.signing import bound_to
from shared.database import Pool, asking
from shared.rewrapping import Wrapped

_COLUMNS = """webhook_id, client_id, subject, organisation_id, url, kinds, include_record, state, why,
    secrets, overlap_until, rotation, request_digest, cursor, failing_since, failures, next_at,
    registered_at"""
_INSERT = f"""insert into webhooks ({_COLUMNS}) values
    ($1, $2, $3, $4, $5, $6, $7, 'pending', null, $8, null, null, $9, null, null, 0, null, $10)
    on conflict (webhook_id) do nothing"""  # noqa: S608 - constants only
_ONE = f"select {_COLUMNS} from webhooks where webhook_id = $1"  # noqa: S608 - constants only
_OF_CLIENT = (
    f"select {_COLUMNS} from webhooks where client_id = $1 order by registered_at, webhook_id"  # noqa: S608 - constants only
)
_SEEN_BY = f"""select {_COLUMNS} from webhooks where subject = $1 or ($3 and organisation_id = $2)
    order by client_id, registered_at, webhook_id limit 500"""  # noqa: S608 - constants only
_ACTIVE = "select webhook_id from webhooks where state = 'active'"
_ACTIVATE = """update webhooks set state = 'active', why = null, failing_since = null, failures = 0,
    next_at = null, cursor = coalesce(cursor, $2) where webhook_id = $1"""
# For `./parley keys`, which wraps secrets anew.
SECRETS = Wrapped(
    "select webhook_id, secrets from webhooks where webhook_id > $1 order by webhook_id limit 500",
    "update webhooks set secrets = $3 where webhook_id = $1 and secrets = $2",
    bound_to,
)
_DISABLE = "update webhooks set state = 'disabled', why = $2, next_at = null where webhook_id = $1"
_ROTATE = """update webhooks set secrets = $2, overlap_until = $3, rotation = $4
    where webhook_id = $1 and rotation is distinct from $4"""
_DELETE = "delete from webhooks where webhook_id = $1"


class State(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Webhook:
    """`client_id`: whose rights hold. `kinds`: none means all. Times are UTC."""

    webhook_id: str
    client_id: str
    subject: str
    organisation_id: str
    url: str
    kinds: tuple[str, ...]
    include_record: bool
    state: State
    why: str | None
    secrets: bytes
    overlap_until: datetime | None
    rotation: str | None
    request_digest: str
    cursor: str | None
    failing_since: datetime | None
    failures: int
    next_at: datetime | None
    registered_at: datetime


async def insert(pool: Pool, hook: Webhook) -> bool:
    """False when there is one of that id already."""
    async with asking(pool) as connection:
        done = await connection.execute(
            _INSERT, hook.webhook_id, hook.client_id, hook.subject, hook.organisation_id, hook.url,
            list(hook.kinds), hook.include_record, hook.secrets, hook.request_digest,
            hook.registered_at,
        )  # fmt: skip
    return str(done) == "INSERT 0 1"


async def webhook(pool: Pool, webhook_id: str) -> Webhook | None:
    rows = await _read(pool, _ONE, webhook_id)
    return rows[0] if rows else None


async def of_client(pool: Pool, client_id: str) -> list[Webhook]:
    """Oldest first."""
    return await _read(pool, _OF_CLIENT, client_id)


async def seen_by(
    pool: Pool, subject: str, organisation: str, *, administers: bool
) -> list[Webhook]:
    """Those of a person's clients; for an administrator, of all clients of the organisation."""
    return await _read(pool, _SEEN_BY, subject, organisation, administers)


async def active(pool: Pool) -> set[str]:
    async with asking(pool) as connection:
        return {row["webhook_id"] for row in await connection.fetch(_ACTIVE)}


async def activate(pool: Pool, webhook_id: str, cursor: str) -> None:
    """It goes on from its own cursor; `cursor` is for one that never had any."""
    await _write(pool, _ACTIVATE, webhook_id, cursor)


async def disable(pool: Pool, webhook_id: str, why: str) -> None:
    await _write(pool, _DISABLE, webhook_id, why)


async def rotate(pool: Pool, webhook_id: str, secrets: bytes, until: datetime, by: str) -> None:
    """Nothing when the rotation named `by` was the last one already."""
    await _write(pool, _ROTATE, webhook_id, secrets, until, by)


async def delete(pool: Pool, webhook_id: str) -> None:
    """With all its messages."""
    await _write(pool, _DELETE, webhook_id)


async def _read(pool: Pool, query: str, *values: Any) -> list[Webhook]:  # Any: SQL values
    async with asking(pool) as connection:
        rows = await connection.fetch(query, *values)
    return [_webhook(dict(row)) for row in rows]


async def _write(pool: Pool, query: str, *values: Any) -> None:  # Any: SQL values
    async with asking(pool) as connection:
        await connection.execute(query, *values)


def _webhook(row: dict[str, Any]) -> Webhook:  # Any: SQL values
    kinds: Sequence[str] = row["kinds"]
    return Webhook(**(row | {"kinds": tuple(kinds), "state": State(row["state"])}))
