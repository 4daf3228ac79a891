"""The rules of emergency access.

| command | absent   | open     | closed or over | reviewed |
|---------|----------|----------|----------------|----------|
| break   | broken   | Rejected | Rejected       | Rejected |
| close   | NotFound | closed   | nothing        | nothing  |
| review  | NotFound | Rejected | reviewed       | Rejected |

It ends by its own time; closing only shortens it. Nobody reviews his own.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from services.gateway.access.administration import check_another
from shared.contracts.gateway import GROUPS
from shared.contracts.glass import Finding, GlassBroken, GlassClosed, GlassEvent, GlassReviewed
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind, RecordId
from shared.labels_asked import NOTHING_ASKED
from shared.roles import Action
from shared.values import Text

LONGEST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class BreakGlass:
    account_id: str
    organisation_id: RecordId
    caveats: frozenset[str]
    lasting: timedelta
    reason: Text


@dataclass(frozen=True, slots=True)
class CloseGlass:
    pass


@dataclass(frozen=True, slots=True)
class ReviewGlass:
    finding: Finding
    note: Text


Command = BreakGlass | CloseGlass | ReviewGlass


@dataclass(frozen=True, slots=True)
class Glass:
    """`broken` None: absent."""

    broken: GlassBroken | None = None
    closed: GlassClosed | None = None
    reviewed: GlassReviewed | None = None

    def is_open(self, now: datetime) -> bool:
        return self.broken is not None and self.closed is None and now < self.broken.until


def decide(state: Glass, command: Command, ctx: Context) -> list[GlassEvent]:
    match command:
        case BreakGlass():
            return _break(state, command, ctx)
        case _ if state.broken is None:
            raise NotFoundError
        case CloseGlass():
            closed = GlassClosed(by=ctx.principal.subject, closed_at=ctx.now)
            return [closed] if state.is_open(ctx.now) else []
        case ReviewGlass(finding, note):
            check_another(state.broken.account_id, ctx)
            return _review(state, finding, note, ctx)
        case _:
            assert_never(command)


def evolve(state: Glass, event: GlassEvent) -> Glass:
    match event:
        case GlassBroken():
            return Glass(broken=event)
        case GlassClosed():
            return replace(state, closed=event)
        case GlassReviewed():
            return replace(state, reviewed=event)
        case _:
            assert_never(event)


def action(command: Command) -> Action:
    return Action.CREATE if isinstance(command, BreakGlass) else Action.CHANGE


def _break(state: Glass, command: BreakGlass, ctx: Context) -> list[GlassEvent]:
    if state.broken is not None:
        raise RejectedError("This was opened already.")
    if not command.caveats:
        raise invalid("/caveats", "empty", "Name what is to be opened.")
    if not command.caveats <= ctx.policy.openable:
        raise invalid("/caveats", "not_openable", "The mission lets nobody open this.")
    if not timedelta() < command.lasting <= LONGEST:
        raise invalid("/minutes", "too_long", "At most four hours.")
    return [
        GlassBroken(
            account_id=command.account_id,
            organisation_id=command.organisation_id,
            caveats=tuple(sorted(command.caveats)),
            opened_at=ctx.now,
            until=ctx.now + command.lasting,
            reason=command.reason,
            labels=NOTHING_ASKED.for_new(Kind.GLASS, GROUPS[Kind.GLASS], ctx),
        )
    ]


def _review(state: Glass, finding: Finding, note: Text, ctx: Context) -> list[GlassEvent]:
    if state.is_open(ctx.now):
        raise RejectedError("It is still open: close it first.", code="still_open")
    if state.reviewed is not None:
        raise RejectedError("It was reviewed already.", code="reviewed")
    by = ctx.principal.subject
    return [GlassReviewed(by=by, finding=finding, reviewed_at=ctx.now, note=note)]


glass: Decider[Command, GlassEvent, Glass] = Decider(
    kind=Kind.GLASS,
    groups=GROUPS[Kind.GLASS],
    initial=Glass(),
    decide=decide,
    evolve=evolve,
    action=action,
    references=lambda command: frozenset(),
)
