"""Opening, closing and reviewing emergency access: who may, and what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.gateway.access.administration import hatted, in_office
from services.gateway.emergency.glass import BreakGlass, CloseGlass, Command, ReviewGlass
from services.gateway.emergency.looking import Opening, opening
from services.gateway.emergency.schemas import BreakGlassAsked, OpeningShown, ReviewAsked
from services.gateway.web.ports import Session
from services.gateway.wiring import Gateway
from shared import trace
from shared.clock import utc_now
from shared.commands_kit import Outcome
from shared.contracts.glass import Finding
from shared.errors import ForbiddenError, NotFoundError, RejectedError
from shared.idempotency import CommandRequest
from shared.ids import Kind, RecordId
from shared.policy import Policy
from shared.principal import Principal
from shared.roles import administers
from shared.values import Text

FRESH = timedelta(minutes=10)
PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who, under which key, by which route, and what its body digests to."""

    principal: Principal
    key: str
    route: str
    digest: bytes

    def command(self, principal: Principal) -> CommandRequest:
        traced = str(trace.current() or trace.new_trace())
        return CommandRequest(principal, self.key, self.route, self.digest, traced)


async def break_glass(
    gateway: Gateway, asked: Asked, session: Session | None, body: BreakGlassAsked
) -> Outcome:
    """Raises ForbiddenError for machines, for roles that may not, and for who has not just signed in;
    RejectedError while another one of his is open."""
    principal = asked.principal
    check_may(principal, gateway.policy)
    if session is None or not is_fresh(session):
        raise ForbiddenError("Sign in again first, then ask at once.", code="sign_in_again")
    request = asked.command(in_office(principal, gateway.policy, gateway.settings.mission))
    command = BreakGlass(
        account_id=principal.subject,
        organisation_id=principal.organisation,
        caveats=frozenset(body.caveats),
        lasting=timedelta(minutes=body.minutes),
        reason=Text(text=body.reason, lang=principal.language),
    )
    record_id = gateway.access.new_id(Kind.GLASS, request)
    if session.emergency and session.emergency.id != str(record_id):
        raise RejectedError("You have one open: close it first.", code="open_already")
    return await _done(gateway, record_id, command, request)


async def close(gateway: Gateway, asked: Asked, spelled: str) -> Outcome:
    """By whoever opened it, and by security officers."""
    found = await visible(gateway, asked.principal, spelled)
    request = asked.command(in_office(asked.principal, gateway.policy, gateway.settings.mission))
    return await _done(gateway, RecordId.parse(found.record_id), CloseGlass(), request)


async def review(gateway: Gateway, asked: Asked, spelled: str, body: ReviewAsked) -> Outcome:
    """By a security officer who did not open it. Raises NotFoundError first."""
    found = await visible(gateway, asked.principal, spelled)
    hat = hatted(asked.principal, gateway.policy, gateway.settings.mission)
    note = Text(text=body.note, lang=asked.principal.language)
    command = ReviewGlass(Finding(body.finding), note)
    return await _done(gateway, RecordId.parse(found.record_id), command, asked.command(hat))


async def visible(gateway: Gateway, principal: Principal, spelled: str) -> Opening:
    """Raises NotFoundError for everybody but whoever opened it and security officers."""
    found = await opening(gateway.pool, spelled)
    own = found is not None and found.account_id == principal.subject
    if found is None or not (own or administers(principal.roles)):
        raise NotFoundError
    return found


def is_fresh(session: Session) -> bool:
    """Whether he has just signed in."""
    signed_in_at = session.signed_in_at
    return signed_in_at is not None and utc_now() - signed_in_at <= FRESH


def check_may(principal: Principal, policy: Policy) -> None:
    """Raises ForbiddenError unless the mission lets this person open anything."""
    if not principal.client.startswith(PERSON):
        raise ForbiddenError("Emergency access is for people who sign in, never for machines.")
    if not may_ever(principal, policy):
        raise ForbiddenError("The mission gives your role no emergency access.")


def may_ever(principal: Principal, policy: Policy) -> bool:
    return bool(principal.roles & policy.emergency_roles and policy.openable)


def may_open(principal: Principal, policy: Policy) -> Mapping[str, str]:
    """What the person may open, in words by id; what he holds already needs no opening."""
    if not may_ever(principal, policy):
        return {}
    held = principal.without_emergency.caveats
    return {name: policy.caveats[name] for name in sorted(policy.openable - held)}


def told(found: Opening) -> OpeningShown:
    return OpeningShown(
        id=found.record_id,
        account=found.account_id,
        name=found.display_name,
        organisation=found.organisation_id,
        caveats=found.caveats,
        reason=found.reason,
        opened_at=found.opened_at,
        until=found.until,
        open=found.is_open(utc_now()),
        closed_at=found.closed_at,
        closed_by=found.closed_by,
        reads=found.reads,
        finding=Finding(found.finding) if found.finding else None,
        reviewed_at=found.reviewed_at,
        reviewed_by=found.reviewed_by,
        note=found.note,
    )


async def _done(
    gateway: Gateway, record_id: RecordId, command: Command, request: CommandRequest
) -> Outcome:
    outcome = await gateway.access.glass(record_id, command, request)
    gateway.roll.forget()
    return outcome
