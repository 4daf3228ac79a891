"""Key pairs of a person's own devices (WebAuthn): added by himself, taken away by others as well."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from services.gateway.access.account_commands import AddPasskey, RemovePasskey, RenamePasskey
from shared.contracts.gateway import (
    AccountEvent,
    AccountPasskeyAdded,
    AccountPasskeyRemoved,
    AccountPasskeyRenamed,
)
from shared.decider import Context
from shared.errors import ForbiddenError, NotFoundError, RejectedError

MOST_PASSKEYS = 10
Command = AddPasskey | RenamePasskey | RemovePasskey
Event = AccountPasskeyAdded | AccountPasskeyRenamed | AccountPasskeyRemoved


@dataclass(frozen=True, slots=True)
class Passkey:
    """`id`: a digest of the credential's; both it and the key are base64url."""

    id: str
    credential_id: str
    public_key: str
    name: str
    added_at: datetime


Passkeys = tuple[Passkey, ...]


def decide(known: Passkeys, command: Command, ctx: Context, *, own: bool) -> list[AccountEvent]:
    """`own`: whether the account is that of who orders it."""
    if isinstance(command, RemovePasskey):
        return _remove(known, command, ctx, own=own)
    if not own:
        raise ForbiddenError("A passkey is added by its own person only.", code="not_own")
    found = next((one for one in known if one.id == command.passkey_id), None)
    match command:
        case AddPasskey():
            return [] if found else [_added(known, command, ctx)]
        case RenamePasskey(passkey_id, name, reason):
            if found is None:
                raise NotFoundError
            if found.name == name.text:
                return []
            return [AccountPasskeyRenamed(passkey_id=passkey_id, name=name, reason=reason)]
        case _:
            assert_never(command)


def evolve(known: Passkeys, event: Event) -> Passkeys:
    match event:
        case AccountPasskeyAdded():
            new = Passkey(
                event.passkey_id,
                event.credential_id,
                event.public_key,
                event.name.text,
                event.added_at,
            )
            return (*known, new)
        case AccountPasskeyRenamed(passkey_id=named, name=name):
            return tuple(replace(one, name=name.text) if one.id == named else one for one in known)
        case AccountPasskeyRemoved(passkey_id=gone):
            return tuple(one for one in known if one.id != gone)
        case _:
            assert_never(event)


def sessions_over_at(event: Event) -> datetime | None:
    """Which sessions end by it: those opened before; None: none."""
    return event.sessions_over_at if isinstance(event, AccountPasskeyRemoved) else None


def _added(known: Passkeys, command: AddPasskey, ctx: Context) -> AccountPasskeyAdded:
    if len(known) >= MOST_PASSKEYS:
        raise RejectedError(f"You have {MOST_PASSKEYS} already; remove one first.")
    return AccountPasskeyAdded(
        passkey_id=command.passkey_id,
        credential_id=command.credential_id,
        public_key=command.public_key,
        name=command.name,
        added_at=ctx.now,
        reason=command.reason,
    )


def _remove(
    known: Passkeys, command: RemovePasskey, ctx: Context, *, own: bool
) -> list[AccountEvent]:
    """Somebody else takes it away because it is in wrong hands: sessions it may have opened end."""
    if not any(one.id == command.passkey_id for one in known):
        return []
    gone = AccountPasskeyRemoved(
        passkey_id=command.passkey_id,
        sessions_over_at=None if own else ctx.now,
        reason=command.reason,
    )
    return [gone]
