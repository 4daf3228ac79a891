"""One row of each access table, from the state of its record."""

from dataclasses import asdict
from datetime import datetime

import orjson

from services.gateway.access.account import Account, Grants
from services.gateway.access.client import Client, Credential
from services.gateway.access.partner import Partner
from services.gateway.access.standing import Standing
from shared.database import Pooled
from shared.record_state import RecordState

_PARTNER = """insert into access_partners (record_id, version, organisation_id, name, level, suspended)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (record_id) do update set version = excluded.version, name = excluded.name,
        level = excluded.level, suspended = excluded.suspended
    where access_partners.version < excluded.version"""
_ACCOUNT = """insert into access_accounts (record_id, version, account_id, username, display_name,
        organisation_id, language, level, grants, password_id, password_set_at, suspended,
        identities, sessions_over_at, passkeys)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13::jsonb, $14, $15::jsonb)
    on conflict (account_id) do update set version = excluded.version,
        username = excluded.username, display_name = excluded.display_name,
        organisation_id = excluded.organisation_id, language = excluded.language,
        level = excluded.level, grants = excluded.grants, password_id = excluded.password_id,
        password_set_at = excluded.password_set_at, suspended = excluded.suspended,
        identities = excluded.identities, sessions_over_at = excluded.sessions_over_at,
        passkeys = excluded.passkeys
    where access_accounts.version < excluded.version"""
_CLIENT = """insert into access_clients (record_id, version, client_id, account_id, name, level,
        credentials, suspended)
    values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)
    on conflict (client_id) do update set version = excluded.version, name = excluded.name,
        level = excluded.level, credentials = excluded.credentials, suspended = excluded.suspended
    where access_clients.version < excluded.version"""


async def put_partner(connection: Pooled, record: RecordState[Partner]) -> None:
    state = record.state
    if state.status is Standing.ABSENT:
        return
    await connection.execute(
        _PARTNER,
        str(record.id),
        record.version,
        state.organisation_id,
        state.name,
        state.level,
        _suspended(state.status),
    )


async def put_account(connection: Pooled, record: RecordState[Account]) -> None:
    state, fields = record.state, record.state.fields
    if fields is None:
        return
    await connection.execute(
        _ACCOUNT,
        str(record.id),
        record.version,
        state.account_id,
        fields.username,
        fields.display_name.text,
        str(fields.organisation_id),
        fields.language,
        state.level,
        orjson.dumps(_grants(state.grants)).decode(),
        state.password,
        state.password_set_at,
        _suspended(state.status),
        orjson.dumps([asdict(one) for one in state.identities]).decode(),
        state.sessions_over_at,
        orjson.dumps([asdict(one) for one in state.passkeys]).decode(),
    )


async def put_client(connection: Pooled, record: RecordState[Client]) -> None:
    state = record.state
    if state.status is Standing.ABSENT:
        return
    await connection.execute(
        _CLIENT,
        str(record.id),
        record.version,
        state.client_id,
        state.account_id,
        state.name,
        state.level,
        orjson.dumps([_credential(one) for one in state.credentials]).decode(),
        _suspended(state.status),
    )


def _grants(grants: Grants) -> list[dict[str, str | None]]:
    return [
        {
            "kind": kind,
            "name": name,
            "granted_by": grant.granted_by,
            "expires_at": _iso(grant.expires_at),
            "reason": grant.reason,
        }
        for (kind, name), grant in sorted(grants.items())
    ]


def _credential(one: Credential) -> dict[str, object]:
    return {
        "kind": one.kind,
        "id": one.id,
        "public_key": one.public_key,
        "ends_at": _iso(one.ends_at),
    }


def _suspended(status: Standing) -> bool:
    return status is Standing.SUSPENDED


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
