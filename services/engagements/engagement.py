"""The rules of an engagement: proposed -> planned -> confirmed -> held -> debriefed, or cancelled.

| command     | absent      | proposed | planned   | confirmed | held     | debriefed | cancelled |
|-------------|-------------|----------|-----------|-----------|----------|-----------|-----------|
| plan (new)  | planned (1) | Rejected | Rejected  | Rejected  | Rejected | Rejected  | Rejected  |
| record_held | recorded (2)| Rejected | Rejected  | Rejected  | Rejected | Rejected  | Rejected  |
| accept      | NotFound    | accepted | nothing   | Rejected  | Rejected | Rejected  | Rejected  |
| confirm     | NotFound    | Rejected | confirmed | nothing   | Rejected | Rejected  | Rejected  |
| hold        | NotFound    | held (3) | held (3)  | held (3)  | nothing  | Rejected  | Rejected  |
| debrief     | NotFound    | held+d(3)| held+d (3)| held+d (3)| debriefed| Rejected  | Rejected  |
| amend       | NotFound    | amended  | amended   | amended   | amended  | Rejected  | Rejected  |
| cancel      | NotFound    | cancelled| cancelled | cancelled | Rejected | Rejected  | nothing   |
| relabel     | NotFound    | relabelled in every state                                         |

(1) or proposed; for a time still to come. (2) and debriefed when a debrief is given; begun already.
(3) begun already. Amending and relabelling that change nothing make no event, in any state.
Each field group is an event of its own in the same append.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from services.engagements import commands
from services.engagements.commands import (
    AcceptProposal,
    AmendEngagement,
    CancelEngagement,
    Command,
    ConfirmEngagement,
    DebriefEngagement,
    Debriefing,
    First,
    HoldEngagement,
    PlanEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.content import (
    Content,
    check_references,
    new_parts,
    parts,
    with_known_people,
    with_part,
)
from services.engagements.times import check_begun, check_to_come, held_when
from shared.contracts.engagements import (
    GROUPS,
    EngagementAmended,
    EngagementCancelled,
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementEvent,
    EngagementFields,
    EngagementHeld,
    EngagementPlanned,
    EngagementProposed,
    EngagementRecorded,
    EngagementRelabelled,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    ProposalAccepted,
    SourceRecorded,
)
from shared.contracts.event import Labels, fields_of
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError
from shared.ids import Kind
from shared.labels_asked import LabelsAsked
from shared.values import Text, When

_MoveOn = AcceptProposal | ConfirmEngagement | HoldEngagement | DebriefEngagement | CancelEngagement


class Status(StrEnum):
    ABSENT = "absent"
    PROPOSED = "proposed"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    DEBRIEFED = "debriefed"
    CANCELLED = "cancelled"


TO_COME = frozenset({Status.PROPOSED, Status.PLANNED, Status.CONFIRMED})
CLOSED = frozenset({Status.DEBRIEFED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Engagement:
    """`content` and `labels` are kept to see whether a command would change anything."""

    status: Status = Status.ABSENT
    content: Content | None = None
    labels: Labels = field(default_factory=dict)


def decide(state: Engagement, command: Command, ctx: Context) -> list[EngagementEvent]:
    match command:
        case PlanEngagement() | RecordHeld():
            if state.status is not Status.ABSENT:
                raise RejectedError(f"This engagement is already {state.status}.")
            return _begin(command, ctx)
        case _ if state.content is None:
            raise NotFoundError
        case AmendEngagement():
            return _amend(state, state.content, command, ctx)
        case RelabelEngagement(asked, reason):
            return _relabel(state, asked, reason, ctx)
        case _:
            return _move_on(state.status, state.content.fields.when, command, ctx)


def evolve(state: Engagement, event: EngagementEvent) -> Engagement:  # noqa: C901 - one arm an event
    match event:
        case EngagementProposed():
            return _begun(Status.PROPOSED, event, event.labels)
        case EngagementPlanned():
            return _begun(Status.PLANNED, event, event.labels)
        case EngagementRecorded():
            return _begun(Status.HELD, event, event.labels)
        case ProposalAccepted():
            return replace(state, status=Status.PLANNED)
        case EngagementConfirmed():
            return replace(state, status=Status.CONFIRMED)
        case EngagementHeld(when=when):
            held = _known(state).fields.model_copy(update={"when": when})
            return _with(replace(state, status=Status.HELD), fields=held)
        case EngagementDebriefed():
            return replace(state, status=Status.DEBRIEFED)
        case EngagementCancelled():
            return replace(state, status=Status.CANCELLED)
        case EngagementRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case EngagementAmended():
            return _with(state, fields=fields_of(event, EngagementFields))
        case ParticipantNamed() | PlacePinned() | PreparationNoted() | SourceRecorded():
            return replace(state, content=with_part(_known(state), event))
        case _:
            assert_never(event)


def _begin(command: PlanEngagement | RecordHeld, ctx: Context) -> list[EngagementEvent]:
    check_references(command.content, None, ctx)
    starts_at = command.content.fields.when.starts_at
    named = {
        **dict(command.content.fields),
        "labels": command.labels.for_new(Kind.ENGAGEMENT, GROUPS[Kind.ENGAGEMENT], ctx),
        "external_ids": command.external_ids,
    }
    match command:
        case PlanEngagement(content, first):
            check_to_come(starts_at, ctx)
            planned = EngagementPlanned if first is First.PLANNED else EngagementProposed
            return [planned(**named), *parts(content)]
        case RecordHeld(content, debriefing):
            check_begun(starts_at, ctx)
            debriefed = _debrief(debriefing) if debriefing else []
            return [EngagementRecorded(**named), *parts(content), *debriefed]
        case _:
            assert_never(command)


def _move_on(  # noqa: C901 - one arm per rule of the table
    status: Status,
    when: When,
    command: _MoveOn,
    ctx: Context,
) -> list[EngagementEvent]:
    match status, command:
        case Status.PROPOSED, AcceptProposal():
            check_to_come(when.starts_at, ctx)
            return [ProposalAccepted()]
        case Status.PLANNED, ConfirmEngagement():
            return [EngagementConfirmed()]
        case Status.PROPOSED, ConfirmEngagement():
            raise RejectedError("This engagement is only proposed; plan it first.")
        case _, HoldEngagement() if status in TO_COME:
            return [_held(when, command, ctx)]
        case Status.HELD, DebriefEngagement(debriefing):
            return _debrief(debriefing)
        case _, DebriefEngagement(debriefing) if status in TO_COME:
            return [_held(when, HoldEngagement(), ctx), *_debrief(debriefing)]
        case _, CancelEngagement(reason, details) if status in TO_COME:
            return [EngagementCancelled(cancel_reason=reason, details=details)]
        case _ if _is_repeated(status, when, command):
            return []  # a client's retry must be harmless
        case _:
            raise RejectedError(f"This engagement is already {status}.")


def _is_repeated(status: Status, when: When, command: _MoveOn) -> bool:
    """Whether what is asked for is so already."""
    match status, command:
        case Status.PLANNED, AcceptProposal():
            return True
        case Status.CONFIRMED, ConfirmEngagement():
            return True
        case Status.HELD, HoldEngagement(starts_at, ends_at):
            return held_when(when, starts_at, ends_at) == when
        case Status.CANCELLED, CancelEngagement():
            return True
        case _:
            return False


def _held(when: When, command: HoldEngagement, ctx: Context) -> EngagementHeld:
    held = held_when(when, command.starts_at, command.ends_at)
    check_begun(held.starts_at, ctx)
    return EngagementHeld(when=held)


def _debrief(debriefing: Debriefing) -> list[EngagementEvent]:
    source = debriefing.source
    return [debriefing.debriefed, source] if source else [debriefing.debriefed]


def _amend(
    state: Engagement, known: Content, command: AmendEngagement, ctx: Context
) -> list[EngagementEvent]:
    wanted = with_known_people(known, command.content)
    events = _relabel(state, command.labels, None, ctx)
    changes = new_parts(known, wanted)
    if wanted.fields != known.fields:
        amended = EngagementAmended(**dict(wanted.fields), reason=command.reason)
        changes = [amended, *changes]
    if not changes:
        return events
    if state.status in CLOSED:
        raise RejectedError(f"This engagement is already {state.status}; it is not amended.")
    check_references(wanted, known, ctx)
    if wanted.fields.when != known.fields.when:
        check = check_to_come if state.status in TO_COME else check_begun
        check(wanted.fields.when.starts_at, ctx)
    return events + changes


def _relabel(
    state: Engagement, asked: LabelsAsked, reason: Text | None, ctx: Context
) -> list[EngagementEvent]:
    labels = asked.for_known(GROUPS[Kind.ENGAGEMENT], ctx)
    if state.labels | labels == state.labels:
        return []
    return [EngagementRelabelled(labels=labels, reason=reason)]


def _begun(status: Status, event: EngagementFields, labels: Labels) -> Engagement:
    return Engagement(status, Content(fields_of(event, EngagementFields)), labels)


def _known(state: Engagement) -> Content:
    if state.content is None:
        raise NotFoundError
    return state.content


def _with(state: Engagement, fields: EngagementFields) -> Engagement:
    return replace(state, content=replace(_known(state), fields=fields))


engagement: Decider[Command, EngagementEvent, Engagement] = Decider(
    kind=Kind.ENGAGEMENT,
    groups=GROUPS[Kind.ENGAGEMENT],
    initial=Engagement(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=commands.references,
    touches=commands.touches,
)
