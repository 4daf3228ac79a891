"""Adding, naming and removing one's own passkeys, and signing in by one."""

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.access.account_commands import (
    AddPasskey,
    Command,
    RemovePasskey,
    RenamePasskey,
)
from services.gateway.access.accounts import Account, account_by_passkey
from services.gateway.access.administration import in_office
from services.gateway.emergency.acting import is_fresh
from services.gateway.passkeys import ceremonies
from services.gateway.passkeys.ceremonies import Made
from services.gateway.passkeys.challenges import Challenges, Purpose
from services.gateway.passkeys.errors import NotProvenError
from services.gateway.passkeys.party import Party, party_of
from services.gateway.web.ports import Session
from services.gateway.wiring import Gateway
from shared import trace
from shared.clock import utc_now
from shared.database import asking
from shared.errors import ForbiddenError, InvalidError, NotFoundError
from shared.idempotency import CommandRequest
from shared.ids import RecordId
from shared.values import Text

ANYBODY = ""
OWN = Text(text="By the person, on the page of their own sign-in.", lang="en")
_HELD = """select record_id, username, display_name, passkeys from access_accounts
    where account_id = $1"""
_ONE = """select p.value from access_accounts a, jsonb_array_elements(a.passkeys) p
    where a.account_id = $1 and p.value->>'id' = $2"""
# A device that counts must be ahead of what it said last: a copy of it is not.
_USED = """insert into passkey_uses (passkey_id, sign_count, used_at) values ($1, $2, $3)
    on conflict (passkey_id) do update
        set sign_count = excluded.sign_count, used_at = excluded.used_at
        where excluded.sign_count > passkey_uses.sign_count
            or (excluded.sign_count = 0 and passkey_uses.sign_count = 0)
    returning true"""
_USES = "select passkey_id, used_at from passkey_uses where passkey_id = any($1::text[])"
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody's account as his devices know it."""

    record_id: RecordId
    username: str
    display_name: str
    passkeys: list[Json]


def the_party(gateway: Gateway) -> Party:
    """Raises NotFoundError where browsers offer no passkeys."""
    party = party_of(gateway.settings.public_url)
    if party is None:
        raise NotFoundError
    return party


def challenges(gateway: Gateway) -> Challenges:
    return Challenges(gateway.pool, gateway.secret)


async def held(gateway: Gateway, session: Session) -> Held:
    async with asking(gateway.pool) as connection:
        row = await connection.fetchrow(_HELD, session.principal.subject)
    if row is None:
        raise NotFoundError
    named = row["username"], row["display_name"]
    return Held(RecordId.parse(row["record_id"]), *named, orjson.loads(row["passkeys"]))


async def uses(gateway: Gateway, passkeys: list[Json]) -> Json:
    """When each was last used, by its id."""
    async with asking(gateway.pool) as connection:
        rows = await connection.fetch(_USES, [one["id"] for one in passkeys])
    return {row["passkey_id"]: row["used_at"].isoformat() for row in rows}


async def ask_to_make(gateway: Gateway, session: Session) -> Json:
    """Raises ForbiddenError for who has not just signed in."""
    party, whose = the_party(gateway), session.principal.subject
    check_fresh(session)
    account = await held(gateway, session)
    challenge = challenges(gateway).new(Purpose.ADD, whose, utc_now())
    who = {
        "id": ceremonies.spelled(ceremonies.handle_of(whose)),
        "name": account.username,
        "display_name": account.display_name,
    }
    known = [str(one["credential_id"]) for one in account.passkeys]
    return ceremonies.asked_to_make(party, who, known, challenge)


async def add(gateway: Gateway, session: Session, name: str, told: Json) -> None:
    """Raises ForbiddenError as above, InvalidError for a device's answer that does not hold."""
    party, whose = the_party(gateway), session.principal.subject
    check_fresh(session)
    account = await held(gateway, session)
    try:
        challenge = ceremonies.challenge_of(told)
        new = ceremonies.made(party, told, challenge)
        await challenges(gateway).take(Purpose.ADD, whose, challenge, utc_now())
    except NotProvenError as wrong:
        raise InvalidError("The device's answer does not hold; try again.") from wrong
    if await account_by_passkey(gateway.pool, new.id):
        raise InvalidError("This passkey is somebody's already.")
    await _counted(gateway, new.id, new.sign_count)
    text = Text(text=name, lang=session.principal.language)
    command = AddPasskey(new.id, new.credential_id, new.public_key, text, OWN)
    await _ordered(gateway, session, account.record_id, command, challenge.hex())


async def rename(gateway: Gateway, session: Session, key: str, passkey_id: str, name: str) -> None:
    account = await held(gateway, session)
    text = Text(text=name, lang=session.principal.language)
    command = RenamePasskey(passkey_id, text, OWN)
    await _ordered(gateway, session, account.record_id, command, key)


async def remove(gateway: Gateway, session: Session, key: str, passkey_id: str) -> None:
    """Raises ForbiddenError for who has not just signed in: it could be his only way in."""
    check_fresh(session)
    account = await held(gateway, session)
    command = RemovePasskey(passkey_id, OWN)
    await _ordered(gateway, session, account.record_id, command, key)


def ask_to_sign(gateway: Gateway) -> Json:
    challenge = challenges(gateway).new(Purpose.SIGN_IN, ANYBODY, utc_now())
    return ceremonies.asked_to_sign(the_party(gateway), challenge)


async def proven(gateway: Gateway, told: Json) -> Account:
    """Whose passkey has signed. Raises NotProvenError."""
    party, now = the_party(gateway), utc_now()
    passkey_id, challenge = ceremonies.named(told), ceremonies.challenge_of(told)
    account = await account_by_passkey(gateway.pool, passkey_id)
    if account is None:
        raise NotProvenError("nobody's passkey")
    async with asking(gateway.pool) as connection:
        kept = orjson.loads(await connection.fetchval(_ONE, account.account_id, passkey_id))
    known = Made(kept["credential_id"], kept["public_key"], 0)
    handle = ceremonies.handle_of(account.account_id)
    count = ceremonies.signed(party, told, challenge, known, handle)
    await challenges(gateway).take(Purpose.SIGN_IN, ANYBODY, challenge, now)
    if not await _counted(gateway, passkey_id, count):
        raise NotProvenError("a copy of the device")
    return account


def check_fresh(session: Session) -> None:
    if not is_fresh(session):
        raise ForbiddenError("Sign in again first, then ask at once.", code="sign_in_again")


async def _counted(gateway: Gateway, passkey_id: str, count: int) -> bool:
    """Whether the device's count is one it may have now."""
    async with asking(gateway.pool) as connection:
        return bool(await connection.fetchval(_USED, passkey_id, count, utc_now()))


async def _ordered(
    gateway: Gateway, session: Session, record_id: RecordId, command: Command, key: str
) -> None:
    mission = gateway.settings.mission
    request = CommandRequest(
        principal=in_office(session.principal, gateway.policy, mission),
        idempotency_key=key,
        route=f"own {type(command).__name__}",
        digest=hashlib.sha256(repr(command).encode()).digest(),
        traceparent=str(trace.current() or trace.new_trace()),
    )
    await gateway.access.account(record_id, command, request)
    gateway.roll.forget()
