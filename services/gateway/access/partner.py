"""The rules of a partner organisation that is let in.

| command   | absent   | admitted    | suspended   |
|-----------|----------|-------------|-------------|
| admit     | admitted | Rejected    | Rejected    |
| ceiling   | NotFound | ceiling_set | ceiling_set |
| suspend   | NotFound | suspended   | nothing     |
| reinstate | NotFound | nothing     | reinstated  |

What would change nothing makes no event.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from services.gateway.access.administration import check_level
from services.gateway.access.standing import Standing
from shared.contracts.gateway import (
    GROUPS,
    PartnerAdmitted,
    PartnerCeilingSet,
    PartnerEvent,
    PartnerReinstated,
    PartnerSuspended,
)
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError
from shared.ids import Kind, RecordId
from shared.labels_asked import NOTHING_ASKED
from shared.roles import Action
from shared.values import Text


@dataclass(frozen=True, slots=True)
class AdmitPartner:
    organisation_id: RecordId
    name: Text
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SetPartnerCeiling:
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SuspendPartner:
    reason: Text


@dataclass(frozen=True, slots=True)
class ReinstatePartner:
    reason: Text


Command = AdmitPartner | SetPartnerCeiling | SuspendPartner | ReinstatePartner


@dataclass(frozen=True, slots=True)
class Partner:
    status: Standing = Standing.ABSENT
    organisation_id: str = ""
    name: str = ""
    level: str = ""


def decide(state: Partner, command: Command, ctx: Context) -> list[PartnerEvent]:
    match command:
        case AdmitPartner():
            return _admit(state, command, ctx)
        case _ if state.status is Standing.ABSENT:
            raise NotFoundError
        case SetPartnerCeiling(level, reason):
            check_level(level, ctx)
            return [] if level == state.level else [PartnerCeilingSet(level=level, reason=reason)]
        case SuspendPartner(reason):
            return [PartnerSuspended(reason=reason)] if state.status is Standing.ACTIVE else []
        case ReinstatePartner(reason):
            return [PartnerReinstated(reason=reason)] if state.status is Standing.SUSPENDED else []
        case _:
            assert_never(command)


def evolve(state: Partner, event: PartnerEvent) -> Partner:
    match event:
        case PartnerAdmitted():
            return Partner(
                Standing.ACTIVE, str(event.organisation_id), event.name.text, event.level
            )
        case PartnerCeilingSet(level=level):
            return replace(state, level=level)
        case PartnerSuspended():
            return replace(state, status=Standing.SUSPENDED)
        case PartnerReinstated():
            return replace(state, status=Standing.ACTIVE)
        case _:
            assert_never(event)


def action(command: Command) -> Action:
    return Action.CREATE if isinstance(command, AdmitPartner) else Action.CHANGE


def _admit(state: Partner, command: AdmitPartner, ctx: Context) -> list[PartnerEvent]:
    if state.status is not Standing.ABSENT:
        raise RejectedError("This organisation is a partner already.")
    check_level(command.level, ctx)
    return [
        PartnerAdmitted(
            organisation_id=command.organisation_id,
            name=command.name,
            level=command.level,
            reason=command.reason,
            labels=NOTHING_ASKED.for_new(Kind.PARTNER, GROUPS[Kind.PARTNER], ctx),
        )
    ]


partner: Decider[Command, PartnerEvent, Partner] = Decider(
    kind=Kind.PARTNER,
    groups=GROUPS[Kind.PARTNER],
    initial=Partner(),
    decide=decide,
    evolve=evolve,
    action=action,
    references=lambda command: frozenset(),
)
