"""The rules of an engagement: proposed -> planned -> (approved) -> confirmed -> held -> debriefed -> closed;
on the way it may be postponed or cancelled.

| command     | outcome by state; absent is NotFound but for the first two, every other state Rejected   |
|-------------|-------------------------------------------------------------------------------------------|
| plan (new)  | absent: planned (1)                                                                       |
| record_held | absent: recorded (2)                                                                      |
| go ahead    | proposed: accepted; planned: nothing; postponed: replanned                                |
| approve     | planned: approved (4); approved: nothing                                                  |
| confirm     | planned, approved: confirmed (5); confirmed: nothing                                      |
| postpone    | to come: postponed; postponed: nothing, but to a new time postponed                       |
| hold        | to come: held (3); held at these times: nothing                                           |
| debrief     | to come: held + debriefed (3); held: debriefed                                            |
| amend       | to come, held: amended (6)                                                                |
| cancel      | to come: cancelled; cancelled: nothing                                                    |
| close       | debriefed: closed; closed: nothing                                                        |
| link        | every state: participant_linked                                                           |
| relabel     | every state: relabelled                                                                   |

(1) or proposed; for a time still to come. (2) and debriefed when a debrief is given; begun already.
(3) begun already. (4) (5) where the mission's policy asks for approval. (6) which takes an approval back;
the time of a postponed one is planned anew instead. Amending, linking and relabelling that change nothing
make no event, in any state. To come: proposed to confirmed, and postponed. Each field group is an event of
its own in the same append.
"""

from typing import assert_never

from services.engagements import calendar, commands
from services.engagements.commands import (
    AmendEngagement,
    ApproveEngagement,
    CancelEngagement,
    CloseEngagement,
    Command,
    ConfirmEngagement,
    DebriefEngagement,
    Debriefing,
    First,
    GoAhead,
    HoldEngagement,
    LinkParticipant,
    PlanEngagement,
    PostponeEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.content import (
    Content,
    check_references,
    linked_to,
    new_parts,
    parts,
    with_known_people,
    with_known_place,
)
from services.engagements.engagement_state import Engagement, evolve
from services.engagements.status import OVER, TO_COME, Status
from services.engagements.times import check_begun, check_to_come, with_times
from shared.contracts.engagements import (
    GROUPS,
    EngagementAmended,
    EngagementCancelled,
    EngagementClosed,
    EngagementEvent,
    EngagementFields,
    EngagementHeld,
    EngagementPlanned,
    EngagementProposed,
    EngagementRecorded,
    EngagementRelabelled,
    ParticipantLinked,
)
from shared.contracts.event import Group
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError, invalid
from shared.ids import Kind
from shared.labels_asked import LabelsAsked
from shared.values import Text, When

_MoveOn = (
    GoAhead
    | ApproveEngagement
    | ConfirmEngagement
    | PostponeEngagement
    | HoldEngagement
    | DebriefEngagement
    | CancelEngagement
    | CloseEngagement
)


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
        case LinkParticipant():
            return _link(state.content, command, ctx)
        case _:
            return _move_on(state.status, state.content.fields, command, ctx)


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


def _move_on(  # noqa: C901, PLR0912 - one arm per command
    status: Status, fields: EngagementFields, command: _MoveOn, ctx: Context
) -> list[EngagementEvent]:
    match command:
        case _ if _is_repeated(status, fields.when, command):
            return []  # a client's retry must be harmless
        case GoAhead():
            return calendar.go_ahead(status, fields, command, ctx)
        case ApproveEngagement():
            return calendar.approve(status, fields, command, ctx)
        case ConfirmEngagement():
            return calendar.confirm(status, fields, command, ctx)
        case CloseEngagement(note) if status is Status.DEBRIEFED:
            return [EngagementClosed(note=note)]
        case DebriefEngagement(debriefing) if status is Status.HELD:
            return _debrief(debriefing)
        case CloseEngagement() if status in TO_COME | {Status.HELD}:
            raise RejectedError("Debrief this engagement before it is closed.")
        case _ if status not in TO_COME:
            raise RejectedError(f"This engagement is already {status}.")
        case PostponeEngagement():
            return calendar.postpone(status, fields, command, ctx)
        case HoldEngagement():
            return [_held(fields.when, command, ctx)]
        case DebriefEngagement(debriefing):
            return [_held(fields.when, HoldEngagement(), ctx), *_debrief(debriefing)]
        case CancelEngagement(reason, details):
            return [EngagementCancelled(cancel_reason=reason, details=details)]
        case _:
            raise AssertionError(f"{status} x {type(command).__name__} is not in the table")


def _is_repeated(status: Status, when: When, command: _MoveOn) -> bool:
    """Whether what is asked for is so already."""
    match status, command:
        case Status.HELD, HoldEngagement(starts_at, ends_at):
            return with_times(when, starts_at, ends_at) == when
        case Status.CANCELLED, CancelEngagement():
            return True
        case Status.CLOSED, CloseEngagement():
            return True
        case _:
            return False


def _held(when: When, command: HoldEngagement, ctx: Context) -> EngagementHeld:
    held = with_times(when, command.starts_at, command.ends_at)
    check_begun(held.starts_at, ctx)
    return EngagementHeld(when=held)


def _debrief(debriefing: Debriefing) -> list[EngagementEvent]:
    source = debriefing.source
    return [debriefing.debriefed, source] if source else [debriefing.debriefed]


def _amend(
    state: Engagement, known: Content, command: AmendEngagement, ctx: Context
) -> list[EngagementEvent]:
    wanted = with_known_people(known, command.content)
    if Group.PLACE in state.labels:
        wanted = with_known_place(known, wanted)
    events = _relabel(state, command.labels, None, ctx)
    changes = new_parts(known, wanted)
    if wanted.fields != known.fields:
        amended = EngagementAmended(**dict(wanted.fields), reason=command.reason)
        changes = [amended, *changes]
    if not changes:
        return events
    if state.status in OVER:
        raise RejectedError(f"This engagement is already {state.status}; it is not amended.")
    check_references(wanted, known, ctx)
    if wanted.fields.when != known.fields.when:
        if state.status is Status.POSTPONED:
            raise RejectedError("This engagement is postponed; plan it anew to give it a time.")
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


def _link(known: Content, command: LinkParticipant, ctx: Context) -> list[EngagementEvent]:
    """Raises InvalidError, naming the field, for nobody known here by name, or nobody registered."""
    provisional_id, person_id = command.provisional_id, command.person_id
    if provisional_id not in known.names:
        raise invalid("/provisional_id", "unknown_reference", "Nobody here is known by name so.")
    if person_id.kind is not Kind.PERSON or person_id not in ctx.references:
        raise invalid("/person_id", "unknown_reference", "There is no such person.")
    if linked_to(known, provisional_id) == person_id:
        return []
    return [ParticipantLinked(provisional_id=provisional_id, person_id=person_id)]


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
