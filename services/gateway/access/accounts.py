"""Partners, people and machine clients as the access tables hold them; one query per question."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
import orjson

from shared.clock import utc_now
from shared.contracts.gateway import CredentialKind, GrantKind

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

_ACCOUNT = """select account_id, username, display_name, a.organisation_id, language, a.level as level,
        p.level as partner_level, grants, secret_hash as password_hash,
        greatest(password_set_at, sessions_over_at) as sessions_since,
        holds_until as password_until,
        a.version + p.version as version, (select coalesce(jsonb_agg(jsonb_build_object('id', record_id,
            'caveats', caveats, 'until', until)), '[]') from emergency_access e
            where e.account_id = a.account_id and closed_at is null and until > $1) as emergencies
    from access_accounts a join access_partners p using (organisation_id)
        left join credentials on credential_id = password_id and coalesce(holds_until > $1, true)
    where not a.suspended and not p.suspended"""
_BY_USERNAME = f"{_ACCOUNT} and username = $2"
_BY_IDENTITY = f"{_ACCOUNT} and identities @> $2::jsonb"
_BY_PASSKEY = f"{_ACCOUNT} and passkeys @> $2::jsonb"
_BY_ID = f"{_ACCOUNT} and account_id = $2"
_EVERY = f"{_ACCOUNT} order by account_id"
_CLIENT = """select client_id, account_id, level, credentials, version
    from access_clients where client_id = $1 and not suspended"""
_HASHES = "select credential_id, secret_hash from credentials where credential_id = any($1::text[])"


@dataclass(frozen=True, slots=True)
class Held:
    """A role, community or caveat that somebody was granted. `expires_at` None: until it is taken back."""

    kind: GrantKind
    name: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Emergency:
    """Emergency access somebody opened for himself and has not closed. It is over at `until`."""

    id: str
    caveats: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. Levels are ids of the mission policy, `partner_level` the ceiling of the
    organisation. Sessions opened before `sessions_since` are over. `password_until`: when a password he was
    given ends; one that has ended is none. `version` grows with every change to either."""

    account_id: str
    username: str
    display_name: str
    organisation_id: str
    language: str
    level: str
    partner_level: str
    grants: tuple[Held, ...]
    password_hash: str | None
    sessions_since: datetime | None
    password_until: datetime | None
    version: int
    emergencies: tuple[Emergency, ...] = ()

    def holds(self, kind: GrantKind, now: datetime) -> frozenset[str]:
        """What is granted of `kind`, as of now."""
        return frozenset(
            one.name
            for one in self.grants
            if one.kind is kind and (one.expires_at is None or one.expires_at > now)
        )

    def expired(self, now: datetime) -> int:
        """How many grants are over; it only grows between versions."""
        return sum(one.expires_at is not None and one.expires_at <= now for one in self.grants)


@dataclass(frozen=True, slots=True)
class Credential:
    """One way a client proves itself. `public_key`: JWK of a key."""

    kind: CredentialKind
    id: str
    public_key: dict[str, str] | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Client:
    """A machine that acts for one person; `level` is its own ceiling."""

    client_id: str
    account_id: str
    level: str
    credentials: tuple[Credential, ...]
    version: int

    def live(self, kind: CredentialKind, now: datetime) -> list[Credential]:
        """Those of `kind` that hold now."""
        return [
            one
            for one in self.credentials
            if one.kind is kind and (one.ends_at is None or one.ends_at > now)
        ]


async def account_named(pool: Pool, username: str) -> Account | None:
    return _account(await pool.fetchrow(_BY_USERNAME, utc_now(), username))


async def account_by_id(pool: Pool, account_id: str) -> Account | None:
    """None when there is no such account, or it or its organisation is suspended."""
    return _account(await pool.fetchrow(_BY_ID, utc_now(), account_id))


async def account_linked(pool: Pool, identity_id: str) -> Account | None:
    """Whom a provider's identity (account.identity_id) is linked to. None as of account_by_id."""
    linked = orjson.dumps([{"id": identity_id}]).decode()
    return _account(await pool.fetchrow(_BY_IDENTITY, utc_now(), linked))


async def account_by_passkey(pool: Pool, passkey_id: str) -> Account | None:
    """Whose passkey it is. None as of account_by_id."""
    held = orjson.dumps([{"id": passkey_id}]).decode()
    return _account(await pool.fetchrow(_BY_PASSKEY, utc_now(), held))


async def every_account(pool: Pool) -> list[Account]:
    """Everybody who may sign in."""
    return [account for row in await pool.fetch(_EVERY, utc_now()) if (account := _account(row))]


async def client_by_id(pool: Pool, client_id: str) -> Client | None:
    """None when there is no such client, or it is suspended; its person is another question."""
    row = await pool.fetchrow(_CLIENT, client_id)
    if row is None:
        return None
    return Client(
        **{**row, "credentials": tuple(map(_credential, orjson.loads(row["credentials"])))}
    )


async def secret_hashes(pool: Pool, client: Client, now: datetime) -> list[str]:
    """Hashes of the client's secrets that hold now, the newest first."""
    ids = [one.id for one in client.live(CredentialKind.SECRET, now)]
    found = {row["credential_id"]: row["secret_hash"] for row in await pool.fetch(_HASHES, ids)}
    return [found[one] for one in reversed(ids) if one in found]


def public_keys(client: Client, now: datetime) -> list[dict[str, str]]:
    """The client's keys that hold now, as JWK."""
    return [one.public_key for one in client.live(CredentialKind.KEY, now) if one.public_key]


def _account(row: asyncpg.Record | None) -> Account | None:
    if row is None:
        return None
    grants = tuple(map(_held, orjson.loads(row["grants"])))
    emergencies = tuple(map(_emergency, orjson.loads(row["emergencies"])))
    return Account(**{**row, "grants": grants, "emergencies": emergencies})


def _held(told: dict[str, Any]) -> Held:  # Any: JSON
    return Held(GrantKind(told["kind"]), told["name"], _moment(told["expires_at"]))


def _emergency(told: dict[str, Any]) -> Emergency:  # Any: JSON
    until = datetime.fromisoformat(told["until"])
    return Emergency(told["id"], frozenset(told["caveats"]), until)


def _credential(told: dict[str, Any]) -> Credential:  # Any: JSON
    kind, ends_at = CredentialKind(told["kind"]), _moment(told["ends_at"])
    return Credential(kind, told["id"], told["public_key"], ends_at)


def _moment(spelled: str | None) -> datetime | None:
    return datetime.fromisoformat(spelled) if spelled else None
