"""The rules of a person's account.

| command      | absent   | active            | suspended         |
|--------------|----------|-------------------|-------------------|
| enrol        | enrolled | Rejected          | Rejected          |
| amend        | NotFound | amended           | amended           |
| clear        | NotFound | cleared           | cleared           |
| grant        | NotFound | granted           | granted           |
| revoke       | NotFound | grant_revoked     | grant_revoked     |
| set password | NotFound | password_set      | password_set      |
| choose one   | NotFound | password_set      | password_set      |
| add passkey  | NotFound | passkey_added     | passkey_added     |
| rename it    | NotFound | passkey_renamed   | passkey_renamed   |
| remove it    | NotFound | passkey_removed   | passkey_removed   |
| link         | NotFound | identity_linked   | identity_linked   |
| unlink       | NotFound | identity_unlinked | identity_unlinked |
| suspend      | NotFound | suspended         | nothing           |
| reinstate    | NotFound | nothing           | reinstated        |

What would change nothing makes no event. Of his own account an administrator may only take away: revoke,
unlink, remove a passkey and suspend; everything else answers Forbidden. A person chooses his own password,
adds and renames his own passkeys, and nobody else's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, assert_never

from pydantic import BeforeValidator, PlainSerializer

from services.gateway.access import account_commands as commands
from services.gateway.access import identities, passkeys
from services.gateway.access.account_commands import (
    AddPasskey,
    AmendAccount,
    ChoosePassword,
    ClearAccount,
    Command,
    EnrolAccount,
    GrantAccount,
    LinkIdentity,
    RecogniseIdentity,
    ReinstateAccount,
    RemovePasskey,
    RenamePasskey,
    RevokeGrant,
    SetPassword,
    SuspendAccount,
    UnlinkIdentity,
)
from services.gateway.access.administration import check_another, check_level, check_own
from services.gateway.access.identities import Identity
from services.gateway.access.passkeys import Passkey
from services.gateway.access.standing import Standing
from shared.contracts.event import fields_of
from shared.contracts.gateway import (
    GROUPS,
    AccountAmended,
    AccountCleared,
    AccountEnrolled,
    AccountEvent,
    AccountFields,
    AccountGranted,
    AccountGrantRevoked,
    AccountIdentityLinked,
    AccountIdentityUnlinked,
    AccountPasskeyAdded,
    AccountPasskeyRemoved,
    AccountPasskeyRenamed,
    AccountPasswordSet,
    AccountReinstated,
    AccountSuspended,
    GrantKind,
)
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind
from shared.labels_asked import NOTHING_ASKED
from shared.policy import Policy
from shared.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """`expires_at` None: until it is taken back."""

    granted_by: str
    expires_at: datetime | None
    reason: str


Key = tuple[GrantKind, str]


def _from_pairs(pairs: Iterable[tuple[Iterable[str], Any]]) -> dict[Any, Any]:  # Any: JSON
    return {tuple(key): grant for key, grant in pairs}


# As pairs when it is kept in short: JSON names nothing by two words.
Grants = Annotated[
    Mapping[Key, Grant],
    PlainSerializer(lambda grants: list(grants.items())),
    BeforeValidator(_from_pairs),
]


@dataclass(frozen=True, slots=True)
class Account:
    """`password`: which credential it is, if any. Sessions opened before `password_set_at` are over, and
    those before `sessions_over_at`."""

    status: Standing = Standing.ABSENT
    account_id: str = ""
    fields: AccountFields | None = None
    level: str = ""
    grants: Grants = field(default_factory=dict)
    password: str | None = None
    password_set_at: datetime | None = None
    identities: tuple[Identity, ...] = ()
    passkeys: tuple[Passkey, ...] = ()
    sessions_over_at: datetime | None = None


def decide(state: Account, command: Command, ctx: Context) -> list[AccountEvent]:
    match command:
        case EnrolAccount():
            return _enrol(state, command, ctx)
        case _ if state.status is Standing.ABSENT:
            raise NotFoundError
        case RevokeGrant(kind, name, reason):
            held = (kind, name) in state.grants
            return [AccountGrantRevoked(kind=kind, name=name, reason=reason)] if held else []
        case AddPasskey() | RenamePasskey() | RemovePasskey():
            own = ctx.principal.subject == state.account_id
            return passkeys.decide(state.passkeys, command, ctx, own=own)
        case RecogniseIdentity() | UnlinkIdentity():
            own = ctx.principal.subject == state.account_id
            return identities.decide(state.identities, command, ctx, own=own)
        case ChoosePassword(credential_id, reason):
            check_own(state.account_id, ctx)
            return [AccountPasswordSet(credential_id=credential_id, set_at=ctx.now, reason=reason)]
        case SuspendAccount(reason):
            return [AccountSuspended(reason=reason)] if state.status is Standing.ACTIVE else []
        case _:
            check_another(state.account_id, ctx)
            return _enlarge(state, command, ctx)


def evolve(state: Account, event: AccountEvent) -> Account:  # noqa: C901 - one arm an event
    match event:
        case AccountEnrolled():
            fields = fields_of(event, AccountFields)
            return Account(Standing.ACTIVE, event.account_id, fields, event.level)
        case AccountAmended():
            return replace(state, fields=fields_of(event, AccountFields))
        case AccountCleared(level=level):
            return replace(state, level=level)
        case AccountGranted():
            grant = Grant(event.granted_by, event.expires_at, event.reason.text)
            return replace(state, grants={**state.grants, (event.kind, event.name): grant})
        case AccountGrantRevoked(kind=kind, name=name):
            left = {held: grant for held, grant in state.grants.items() if held != (kind, name)}
            return replace(state, grants=left)
        case AccountPasswordSet():
            return replace(state, password=event.credential_id, password_set_at=event.set_at)
        case AccountPasskeyAdded() | AccountPasskeyRenamed() | AccountPasskeyRemoved():
            over = passkeys.sessions_over_at(event) or state.sessions_over_at
            known = passkeys.evolve(state.passkeys, event)
            return replace(state, passkeys=known, sessions_over_at=over)
        case AccountIdentityLinked():
            return replace(state, identities=identities.evolve(state.identities, event))
        case AccountIdentityUnlinked(unlinked_at=at):
            left_over = identities.evolve(state.identities, event)
            return replace(state, identities=left_over, sessions_over_at=at)
        case AccountSuspended():
            return replace(state, status=Standing.SUSPENDED)
        case AccountReinstated():
            return replace(state, status=Standing.ACTIVE)
        case _:
            assert_never(event)


Enlarging = (
    AmendAccount | ClearAccount | GrantAccount | SetPassword | LinkIdentity | ReinstateAccount
)


def _enlarge(state: Account, command: Enlarging, ctx: Context) -> list[AccountEvent]:
    """What may give somebody more than he has."""
    match command:
        case AmendAccount(fields, reason):
            same = fields == state.fields
            return [] if same else [AccountAmended(**dict(fields), reason=reason)]
        case ClearAccount(level, reason):
            check_level(level, ctx)
            return [] if level == state.level else [AccountCleared(level=level, reason=reason)]
        case GrantAccount():
            return _grant(state, command, ctx)
        case SetPassword(credential_id, reason):
            return [AccountPasswordSet(credential_id=credential_id, set_at=ctx.now, reason=reason)]
        case LinkIdentity():
            return identities.link(state.identities, command)
        case ReinstateAccount(reason):
            return [AccountReinstated(reason=reason)] if state.status is Standing.SUSPENDED else []
        case _:
            assert_never(command)


def _enrol(state: Account, command: EnrolAccount, ctx: Context) -> list[AccountEvent]:
    if state.status is not Standing.ABSENT:
        raise RejectedError("This person has an account already.")
    check_level(command.level, ctx)
    return [
        AccountEnrolled(
            **dict(command.fields),
            account_id=command.account_id,
            level=command.level,
            reason=command.reason,
            labels=NOTHING_ASKED.for_new(Kind.ACCOUNT, GROUPS[Kind.ACCOUNT], ctx),
        )
    ]


def _grant(state: Account, command: GrantAccount, ctx: Context) -> list[AccountEvent]:
    """What is held already until the same moment is not granted again."""
    kind, name, expires_at = command.kind, command.name, command.expires_at
    if name not in _known(kind, ctx.policy):
        raise invalid("/name", f"unknown_{kind}", f"The mission policy has no such {kind}.")
    if expires_at is not None and expires_at <= ctx.now:
        raise invalid("/expires_at", "in_past", "Give a moment still to come, or none.")
    held = state.grants.get((kind, name))
    if held is not None and held.expires_at == expires_at:
        return []
    granted = AccountGranted(
        kind=kind,
        name=name,
        granted_by=ctx.principal.subject,
        expires_at=expires_at,
        reason=command.reason,
    )
    return [granted]


def _known(kind: GrantKind, policy: Policy) -> Mapping[str, str] | Mapping[Role, str]:
    match kind:
        case GrantKind.ROLE:
            return policy.roles
        case GrantKind.COMMUNITY:
            return policy.communities
        case GrantKind.CAVEAT:
            return policy.caveats
        case _:
            assert_never(kind)


account: Decider[Command, AccountEvent, Account] = Decider(
    kind=Kind.ACCOUNT,
    groups=GROUPS[Kind.ACCOUNT],
    initial=Account(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=lambda command: frozenset(),
)
