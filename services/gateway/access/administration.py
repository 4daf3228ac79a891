"""The office of access administration: an owner of its own, whose hat an administrator wears to decide.

Under the hat he reads and changes access records and nothing else; without it he has no right to them. So
administering never gives content, and administrators of any organisation share the work.
"""

import hashlib
from dataclasses import replace
from uuid import UUID

from shared import trace
from shared.decider import Context
from shared.errors import ForbiddenError, invalid
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId, new_bytes
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import Role, administers

OPERATOR = "operator"


def administration(mission: str) -> RecordId:
    """The owner of every access record of the mission."""
    return _named(Kind.ORGANISATION, "access administration", mission)


def record_of(kind: Kind, name: str, mission: str) -> RecordId:
    """The record about `name`: an organisation's id, an account's subject or a client's id."""
    return _named(kind, name, mission)


def hatted(principal: Principal, policy: Policy, mission: str) -> Principal:
    """`principal` as the administration. Raises ForbiddenError unless he administers access."""
    if not administers(principal.roles):
        raise ForbiddenError("Access is administered by access administrators only.")
    return in_office(principal, policy, mission)


def in_office(principal: Principal, policy: Policy, mission: str) -> Principal:
    """`principal` as the administration, for what anybody may ask of it for himself."""
    return replace(
        principal,
        organisation=administration(mission),
        communities=frozenset(),
        caveats=frozenset(),
        levels={policy.id: max(level.ordinal for level in policy.levels)},
        roles=frozenset({Role.ACCESS_ADMINISTRATOR}),
        opened=frozenset(),
        under=None,
    )


def operator(policy: Policy, mission: str) -> Principal:
    """Whoever runs the installation, at its console."""
    own = Principal(
        subject=OPERATOR,
        organisation=administration(mission),
        client=OPERATOR,
        roles=frozenset({Role.ACCESS_ADMINISTRATOR}),
    )
    return hatted(own, policy, mission)


def operators_request(policy: Policy, mission: str) -> CommandRequest:
    """One order of the operator's. It stands for itself: what is repeated is found to stand already."""
    return CommandRequest(
        principal=operator(policy, mission),
        idempotency_key=new_bytes(16).hex(),
        route="operator",
        digest=b"",
        traceparent=str(trace.new_trace()),
    )


def check_level(level: str, ctx: Context) -> None:
    """Raises InvalidError for a level the mission policy does not have."""
    if level not in {each.id for each in ctx.policy.levels}:
        raise invalid("/level", "unknown_level", "No such level here.")


def check_another(account_id: str, ctx: Context) -> None:
    """Raises ForbiddenError when the administrator would change his own access."""
    if ctx.principal.subject == account_id:
        raise ForbiddenError(
            "Nobody changes his own access; ask another administrator.", code="own_access"
        )


def check_own(account_id: str, ctx: Context) -> None:
    """Raises ForbiddenError unless it is the caller's own account."""
    if ctx.principal.subject != account_id:
        raise ForbiddenError("A password is chosen by its person only.")


def _named(kind: Kind, name: str, mission: str) -> RecordId:
    digest = hashlib.sha256(f"parley {kind}\n{mission}\n{name}".encode()).digest()
    return RecordId(kind, UUID(bytes=digest[:16]))
