"""The rules of a machine client, which acts for one person and never sees more than he.

| command        | absent     | active           | suspended        |
|----------------|------------|------------------|------------------|
| register       | registered | Rejected         | Rejected         |
| ceiling        | NotFound   | ceiling_set      | ceiling_set      |
| add credential | NotFound   | credential_added | credential_added |
| end credential | NotFound   | credential_ended | credential_ended |
| suspend        | NotFound   | suspended        | nothing          |
| reinstate      | NotFound   | nothing          | reinstated       |

What would change nothing makes no event. Nobody administers clients that act for himself, but to end a
credential or suspend them: everything else answers Forbidden.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from services.gateway.access import client_commands as commands
from services.gateway.access.administration import check_another, check_level
from services.gateway.access.client_commands import (
    AddCredential,
    Command,
    EndCredential,
    RegisterClient,
    ReinstateClient,
    SetClientCeiling,
    SuspendClient,
)
from services.gateway.access.standing import Standing
from shared.contracts.gateway import (
    GROUPS,
    ClientCeilingSet,
    ClientCredentialAdded,
    ClientCredentialEnded,
    ClientEvent,
    ClientRegistered,
    ClientReinstated,
    ClientSuspended,
    CredentialKind,
)
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind
from shared.labels_asked import NOTHING_ASKED

# Of each kind. Each secret tried costs an argon2 verification.
MOST_AT_ONCE = 3
LONGEST_OVERLAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Credential:
    """`public_key`: a key's JWK. `ends_at` None: until it is ended."""

    kind: CredentialKind
    id: str
    public_key: dict[str, str] | None
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.ends_at is None or self.ends_at > now


@dataclass(frozen=True, slots=True)
class Client:
    status: Standing = Standing.ABSENT
    client_id: str = ""
    account_id: str = ""
    name: str = ""
    level: str = ""
    credentials: tuple[Credential, ...] = ()


def decide(state: Client, command: Command, ctx: Context) -> list[ClientEvent]:
    match command:
        case RegisterClient():
            check_another(command.account_id, ctx)
            return _register(state, command, ctx)
        case _ if state.status is Standing.ABSENT:
            raise NotFoundError
        case EndCredential(credential_id, reason):
            known = any(one.id == credential_id for one in state.credentials)
            ended = ClientCredentialEnded(credential_id=credential_id, reason=reason)
            return [ended] if known else []
        case SuspendClient(reason):
            return [ClientSuspended(reason=reason)] if state.status is Standing.ACTIVE else []
        case _:
            check_another(state.account_id, ctx)
            return _enlarge(state, command, ctx)


def evolve(state: Client, event: ClientEvent) -> Client:
    match event:
        case ClientRegistered():
            return Client(
                Standing.ACTIVE, event.client_id, event.account_id, event.name.text, event.level
            )
        case ClientCeilingSet(level=level):
            return replace(state, level=level)
        case ClientCredentialAdded():
            return replace(state, credentials=_added(state.credentials, event))
        case ClientCredentialEnded(credential_id=ended):
            kept = tuple(one for one in state.credentials if one.id != ended)
            return replace(state, credentials=kept)
        case ClientSuspended():
            return replace(state, status=Standing.SUSPENDED)
        case ClientReinstated():
            return replace(state, status=Standing.ACTIVE)
        case _:
            assert_never(event)


Enlarging = SetClientCeiling | AddCredential | ReinstateClient


def _enlarge(state: Client, command: Enlarging, ctx: Context) -> list[ClientEvent]:
    match command:
        case SetClientCeiling(level, reason):
            check_level(level, ctx)
            return [] if level == state.level else [ClientCeilingSet(level=level, reason=reason)]
        case AddCredential():
            return _add(state, command, ctx)
        case ReinstateClient(reason):
            return [ClientReinstated(reason=reason)] if state.status is Standing.SUSPENDED else []
        case _:
            assert_never(command)


def _register(state: Client, command: RegisterClient, ctx: Context) -> list[ClientEvent]:
    if state.status is not Standing.ABSENT:
        raise RejectedError("This client is registered already.")
    check_level(command.level, ctx)
    return [
        ClientRegistered(
            client_id=command.client_id,
            account_id=command.account_id,
            name=command.name,
            level=command.level,
            reason=command.reason,
            labels=NOTHING_ASKED.for_new(Kind.CLIENT, GROUPS[Kind.CLIENT], ctx),
        )
    ]


def _add(state: Client, command: AddCredential, ctx: Context) -> list[ClientEvent]:
    if any(_is_there(one, command) for one in state.credentials):
        return []
    overlap = command.overlap
    if overlap is not None and not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise invalid("/overlap_hours", "out_of_range", "Give 0 to 720 hours, or leave it out.")
    live = [
        one
        for one in state.credentials
        if one.kind is command.kind and one.holds(ctx.now) and one.id != command.credential_id
    ]
    if len(live) >= MOST_AT_ONCE and overlap != timedelta(0):
        raise RejectedError(f"It has {MOST_AT_ONCE} of these already; end one first.")
    added = ClientCredentialAdded(
        kind=command.kind,
        credential_id=command.credential_id,
        public_key=dict(command.public_key) if command.public_key else None,
        others_end_at=None if overlap is None else ctx.now + overlap,
        reason=command.reason,
    )
    return [added]


def _is_there(one: Credential, command: AddCredential) -> bool:
    """A key that is to end may be given again, to stay; a secret is made once."""
    stays = one.ends_at is None or one.kind is CredentialKind.SECRET
    return one.id == command.credential_id and stays


def _added(known: tuple[Credential, ...], event: ClientCredentialAdded) -> tuple[Credential, ...]:
    """Those of its kind end when the event says, or earlier if they were to."""
    new = Credential(event.kind, event.credential_id, event.public_key)
    known = tuple(one for one in known if one.id != new.id)
    end = event.others_end_at
    if end is None:
        return (*known, new)
    shortened = [
        replace(one, ends_at=min(end, one.ends_at or end)) if one.kind is event.kind else one
        for one in known
    ]
    return (*shortened, new)


client: Decider[Command, ClientEvent, Client] = Decider(
    kind=Kind.CLIENT,
    groups=GROUPS[Kind.CLIENT],
    initial=Client(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=lambda command: frozenset(),
)
