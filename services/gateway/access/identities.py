"""By what a provider knows a person: linked and unlinked by administrators, a few to one account."""

import hashlib
from dataclasses import dataclass

from services.gateway.access.account_commands import (
    LinkIdentity,
    RecogniseIdentity,
    UnlinkIdentity,
)
from shared.contracts.gateway import (
    AccountEvent,
    AccountIdentityLinked,
    AccountIdentityUnlinked,
    IdentityKind,
)
from shared.decider import Context
from shared.errors import ForbiddenError, RejectedError
from shared.values import Text

MOST_IDENTITIES = 5
# BCP 47: what is in no language.
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a provider says somebody is. `id`: computed from the rest."""

    id: str
    issuer: str
    kind: IdentityKind
    identity: str


def identity_id(issuer: str, kind: IdentityKind, identity: str) -> str:
    """Two that name the same have the same."""
    told = f"{issuer}\n{kind}\n{_compared(kind, identity)}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def link(known: tuple[Identity, ...], command: LinkIdentity) -> list[AccountEvent]:
    named = identity_id(command.issuer, command.kind, command.identity)
    if any(one.id == named for one in known):
        return []
    if len(known) >= MOST_IDENTITIES:
        raise RejectedError(f"It has {MOST_IDENTITIES} of these already; take one away first.")
    linked = AccountIdentityLinked(
        identity_id=named,
        issuer=command.issuer,
        kind=command.kind,
        identity=Text(text=command.identity, lang=UNDETERMINED),
        reason=command.reason,
    )
    return [linked]


def decide(
    known: tuple[Identity, ...],
    command: RecogniseIdentity | UnlinkIdentity,
    ctx: Context,
    *,
    own: bool,
) -> list[AccountEvent]:
    """`own`: whether the account is that of who orders it."""
    if isinstance(command, UnlinkIdentity):
        return _unlink(known, command, ctx)
    if not own:
        raise ForbiddenError("Only who comes in by it is recognised by it.", code="not_own")
    return _recognise(known, command)


def _recognise(known: tuple[Identity, ...], command: RecogniseIdentity) -> list[AccountEvent]:
    """An address brings in one person: him whom the provider names so from the first time on."""
    theirs = [one for one in known if one.issuer == command.issuer]
    if not any(one.kind is IdentityKind.EMAIL for one in theirs):
        raise RejectedError("No address of this provider is linked.", code="not_linked")
    names = [one.identity for one in theirs if one.kind is IdentityKind.SUBJECT]
    if names and command.subject not in names:
        raise RejectedError("Somebody else came by this address before.", code="address_of_another")
    subject = IdentityKind.SUBJECT
    return link(known, LinkIdentity(command.issuer, subject, command.subject, command.reason))


def _unlink(
    known: tuple[Identity, ...], command: UnlinkIdentity, ctx: Context
) -> list[AccountEvent]:
    if not any(one.id == command.identity_id for one in known):
        return []
    gone = AccountIdentityUnlinked(
        identity_id=command.identity_id, unlinked_at=ctx.now, reason=command.reason
    )
    return [gone]


def evolve(
    known: tuple[Identity, ...], event: AccountIdentityLinked | AccountIdentityUnlinked
) -> tuple[Identity, ...]:
    if isinstance(event, AccountIdentityUnlinked):
        return tuple(one for one in known if one.id != event.identity_id)
    return (*known, Identity(event.identity_id, event.issuer, event.kind, event.identity.text))


def _compared(kind: IdentityKind, identity: str) -> str:
    """Addresses are the same however their letters are written; a subject is compared exactly."""
    return identity.casefold() if kind is IdentityKind.EMAIL else identity
