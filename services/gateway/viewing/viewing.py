"""The rules of viewing as others.

| command | absent   | going on | over or left |
|---------|----------|----------|--------------|
| begin   | began    | Rejected | Rejected     |
| leave   | NotFound | left     | nothing      |

It ends by its own time; leaving only shortens it. Nobody begins or leaves one for somebody else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from shared.contracts.gateway import GROUPS
from shared.contracts.viewing import ViewingBegan, ViewingEvent, ViewingLeft
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError
from shared.ids import Kind, RecordId
from shared.labels_asked import NOTHING_ASKED
from shared.roles import Action

LASTING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BeginViewing:
    """`organisation_id`: whom the viewer acts for, since whoever orders wears the administration's hat."""

    organisation_id: RecordId
    audience: str


@dataclass(frozen=True, slots=True)
class LeaveViewing:
    pass


Command = BeginViewing | LeaveViewing


@dataclass(frozen=True, slots=True)
class Viewing:
    """`began` None: absent."""

    began: ViewingBegan | None = None
    left: ViewingLeft | None = None

    def goes_on(self, now: datetime) -> bool:
        return self.began is not None and self.left is None and now < self.began.until


def decide(state: Viewing, command: Command, ctx: Context) -> list[ViewingEvent]:
    match command:
        case BeginViewing():
            return _begin(state, command, ctx)
        case LeaveViewing():
            if state.began is None or state.began.account_id != ctx.principal.subject:
                raise NotFoundError
            return [ViewingLeft(left_at=ctx.now)] if state.goes_on(ctx.now) else []
        case _:
            assert_never(command)


def evolve(state: Viewing, event: ViewingEvent) -> Viewing:
    match event:
        case ViewingBegan():
            return Viewing(began=event)
        case ViewingLeft():
            return replace(state, left=event)
        case _:
            assert_never(event)


def action(command: Command) -> Action:
    return Action.CREATE if isinstance(command, BeginViewing) else Action.CHANGE


def _begin(state: Viewing, command: BeginViewing, ctx: Context) -> list[ViewingEvent]:
    if state.began is not None:
        raise RejectedError("This was begun already.")
    return [
        ViewingBegan(
            account_id=ctx.principal.subject,
            organisation_id=command.organisation_id,
            audience=command.audience,
            began_at=ctx.now,
            until=ctx.now + LASTING,
            labels=NOTHING_ASKED.for_new(Kind.VIEWING, GROUPS[Kind.VIEWING], ctx),
        )
    ]


viewing: Decider[Command, ViewingEvent, Viewing] = Decider(
    kind=Kind.VIEWING,
    groups=GROUPS[Kind.VIEWING],
    initial=Viewing(),
    decide=decide,
    evolve=evolve,
    action=action,
    references=lambda command: frozenset(),
)
