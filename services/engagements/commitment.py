"""The rules of a commitment: given -> accepted -> in progress -> kept, broken or withdrawn.

| command      | outcome by state; absent is NotFound but for the first, every other state Rejected      |
|--------------|-----------------------------------------------------------------------------------------|
| give         | absent: given                                                                           |
| amend        | open: amended                                                                           |
| accept       | given: accepted; accepted, in progress: nothing                                         |
| progress     | open: progress_noted (1)                                                                |
| acknowledge  | open: acknowledged (2)                                                                  |
| dispute      | every state: disputed                                                                   |
| keep         | open: kept (3); kept so: nothing                                                        |
| break        | open: broken; broken: nothing                                                           |
| renegotiate  | open: renegotiated                                                                      |
| withdraw     | open: withdrawn; withdrawn: nothing                                                     |
| fall overdue | open, due and not overdue since this due_at: overdue (4); else nothing                  |
| assess       | open: assessed                                                                          |
| relabel      | every state: relabelled                                                                 |

(1) the progress that is known, without a note: nothing. (2) by another organisation than its owner.
(3) with evidence, or acknowledged since it was last renegotiated. (4) before due_at: Rejected.
Amending, renegotiating, assessing and relabelling that change nothing make no event, in any state.
Open: given, accepted, in progress, overdue or not. With another due_at what was overdue is so no
longer, and may fall overdue again. One may be given for a time gone by.
"""

from typing import assert_never

from services.engagements import commitment_commands as commands
from services.engagements.commitment_commands import (
    AcceptCommitment,
    AcknowledgeCommitment,
    AmendCommitment,
    AssessCommitment,
    BreakCommitment,
    Command,
    DisputeCommitment,
    FallOverdue,
    GiveCommitment,
    KeepCommitment,
    NoteProgress,
    RelabelCommitment,
    RenegotiateCommitment,
    WithdrawCommitment,
)
from services.engagements.commitment_giving import check_floor, check_references, give, relabels
from services.engagements.commitment_state import Commitment, evolve, known, renegotiated
from services.engagements.commitment_status import Status
from shared.contracts.commitments import (
    GROUPS,
    CommitmentAccepted,
    CommitmentAcknowledged,
    CommitmentAmended,
    CommitmentAssessed,
    CommitmentBroken,
    CommitmentDisputed,
    CommitmentEvent,
    CommitmentFellOverdue,
    CommitmentKept,
    CommitmentRelabelled,
    CommitmentRenegotiated,
    CommitmentWithdrawn,
    ProgressNoted,
)
from shared.contracts.event import Labels
from shared.decider import Context, Decider
from shared.errors import FieldError, InvalidError, NotFoundError, RejectedError, invalid
from shared.ids import Kind
from shared.values import Text

_MoveOn = (
    AcceptCommitment
    | NoteProgress
    | AcknowledgeCommitment
    | KeepCommitment
    | BreakCommitment
    | WithdrawCommitment
)


def decide(state: Commitment, command: Command, ctx: Context) -> list[CommitmentEvent]:  # noqa: C901 - one arm a command
    match command:
        case GiveCommitment():
            if state.status is not Status.ABSENT:
                raise _already(state)
            return [give(command, ctx)]
        case _ if state.status is Status.ABSENT:
            raise NotFoundError
        case AmendCommitment():
            return _amend(state, command, ctx)
        case DisputeCommitment(text):
            return [CommitmentDisputed(text=text)]
        case RenegotiateCommitment():
            return _renegotiate(state, command)
        case FallOverdue():
            return _fall_overdue(state, command, ctx)
        case AssessCommitment(assessment):
            same = assessment == state.assessment
            return _if_open(state, [] if same else [CommitmentAssessed(assessment=assessment)])
        case RelabelCommitment(asked, reason, engagement_id):
            return _relabelled(state, relabels(asked, engagement_id, ctx), reason)
        case _:
            return _move_on(state, command, ctx)


def _move_on(  # noqa: C901 - one arm a command
    state: Commitment, command: _MoveOn, ctx: Context
) -> list[CommitmentEvent]:
    match command:
        case _ if _is_repeated(state, command):
            return []  # a client's retry must be harmless
        case _ if state.is_closed:
            raise _already(state)
        case AcceptCommitment():
            return [CommitmentAccepted()]
        case NoteProgress(progress, note):
            return [ProgressNoted(progress=progress, note=note)]
        case AcknowledgeCommitment(note):
            return [_acknowledge(note, ctx)]
        case KeepCommitment():
            return [_keep(state, command, ctx)]
        case BreakCommitment(reason):
            return [CommitmentBroken(reason=reason)]
        case WithdrawCommitment(reason):
            return [CommitmentWithdrawn(reason=reason)]
        case _:
            assert_never(command)


def _is_repeated(state: Commitment, command: _MoveOn) -> bool:
    """Whether what is asked for is so already."""
    match state.status, command:
        case Status.ACCEPTED | Status.IN_PROGRESS, AcceptCommitment():
            return True
        case Status.IN_PROGRESS, NoteProgress(progress, None):
            return progress == state.progress
        case Status.KEPT, KeepCommitment(evidence, attachments):
            return state.kept == CommitmentKept(evidence=evidence, attachments=attachments)
        case Status.BROKEN, BreakCommitment():
            return True
        case Status.WITHDRAWN, WithdrawCommitment():
            return True
        case _:
            return False


def _acknowledge(note: Text | None, ctx: Context) -> CommitmentAcknowledged:
    """That it was kept is for the other side to say, else `keep` would need no proof."""
    if ctx.principal.organisation == ctx.owner:
        raise RejectedError(
            "Only another organisation acknowledges what is recorded here; keep it with evidence.",
            code="own_commitment",
        )
    return CommitmentAcknowledged(note=note)


def _keep(state: Commitment, command: KeepCommitment, ctx: Context) -> CommitmentKept:
    usable = command.belonging & set(ctx.references)
    wrong = tuple(
        FieldError(f"/attachments/{at}", "unknown_reference", "It has no such attachment.")
        for at, one in enumerate(command.attachments)
        if one not in usable
    )
    if wrong:
        raise InvalidError("Some attachments lead nowhere.", errors=wrong)
    if not (command.evidence or command.attachments or state.acknowledged):
        raise invalid(
            "/evidence",
            "evidence_required",
            "Say what shows that it was kept, attach it, or let the other side acknowledge it.",
        )
    return CommitmentKept(evidence=command.evidence, attachments=command.attachments)


def _amend(state: Commitment, command: AmendCommitment, ctx: Context) -> list[CommitmentEvent]:
    fields = command.fields
    labels = relabels(command.labels, fields.engagement_id, ctx)
    events = _relabelled(state, labels, None)
    if fields == state.fields:
        return events
    if state.is_closed:
        raise _already(state)
    before = known(state)
    check_references(fields, before, command.guests, ctx)
    if fields.engagement_id != before.engagement_id:
        check_floor(state.labels | labels, fields.engagement_id, ctx)
    return [*events, CommitmentAmended(**dict(fields), reason=command.reason)]


def _renegotiate(state: Commitment, command: RenegotiateCommitment) -> list[CommitmentEvent]:
    agreed = CommitmentRenegotiated(
        due_at=command.due_at,
        what=command.what,
        conditions=command.conditions,
        reason=command.reason,
    )
    before = known(state)
    return _if_open(state, [agreed] if renegotiated(before, agreed) != before else [])


def _fall_overdue(state: Commitment, command: FallOverdue, ctx: Context) -> list[CommitmentEvent]:
    """The clock's own copy may be old: whether it is due is looked at again."""
    if command.due_at > ctx.now:
        raise RejectedError("It is not due yet.", code="not_due")
    if state.is_closed or state.overdue or state.due_at != command.due_at:
        return []
    return [CommitmentFellOverdue(due_at=command.due_at)]


def _relabelled(state: Commitment, labels: Labels, reason: Text | None) -> list[CommitmentEvent]:
    if state.labels | labels == state.labels:
        return []
    return [CommitmentRelabelled(labels=labels, reason=reason)]


def _if_open(state: Commitment, changes: list[CommitmentEvent]) -> list[CommitmentEvent]:
    if changes and state.is_closed:
        raise _already(state)
    return changes


def _already(state: Commitment) -> RejectedError:
    return RejectedError(f"This commitment is already {state.status.replace('_', ' ')}.")


commitment: Decider[Command, CommitmentEvent, Commitment] = Decider(
    kind=Kind.COMMITMENT,
    groups=GROUPS[Kind.COMMITMENT],
    initial=Commitment(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=commands.references,
    touches=commands.touches,
)
