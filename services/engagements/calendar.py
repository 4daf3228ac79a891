"""How an engagement moves on the calendar before it takes place: accepted, approved, confirmed, postponed."""

from services.engagements.commands import (
    ApproveEngagement,
    ConfirmEngagement,
    GoAhead,
    PostponeEngagement,
)
from services.engagements.status import Status
from services.engagements.times import check_to_come, with_times
from shared.contracts.engagements import (
    EngagementApproved,
    EngagementConfirmed,
    EngagementEvent,
    EngagementFields,
    EngagementPostponed,
    EngagementReplanned,
    ProposalAccepted,
)
from shared.decider import Context
from shared.errors import RejectedError, invalid


def go_ahead(
    status: Status, fields: EngagementFields, command: GoAhead, ctx: Context
) -> list[EngagementEvent]:
    """Of a proposal, as it stands; of a postponed engagement, at a new time."""
    if status is Status.POSTPONED:
        if command.starts_at is None:
            raise invalid("/starts_at", "missing", "Say when it is to take place.")
        when = with_times(fields.when, command.starts_at, command.ends_at)
        check_to_come(when.starts_at, ctx)
        return [EngagementReplanned(when=when)]
    if (command.starts_at, command.ends_at) != (None, None):
        raise invalid("/starts_at", "not_postponed", "It is not postponed; amend it to move it.")
    if status is Status.PLANNED:
        return []
    if status is not Status.PROPOSED:
        raise _already(status)
    check_to_come(fields.when.starts_at, ctx)
    return [ProposalAccepted()]


def approve(
    status: Status, fields: EngagementFields, command: ApproveEngagement, ctx: Context
) -> list[EngagementEvent]:
    """By somebody who had no part in the plan. Amending it afterwards takes the approval back."""
    if status is Status.APPROVED:
        return []
    if status is not Status.PLANNED:
        raise _already(status)
    if not _needs_approval(fields, ctx):
        raise RejectedError("Engagements of this type need no approval here.")
    if ctx.principal.subject in ctx.authors:
        raise RejectedError("Whoever plans an engagement cannot approve it.", code="own_plan")
    return [EngagementApproved(note=command.note)]


def confirm(
    status: Status, fields: EngagementFields, command: ConfirmEngagement, ctx: Context
) -> list[EngagementEvent]:
    match status:
        case Status.CONFIRMED:
            return []
        case Status.PLANNED if _needs_approval(fields, ctx):
            raise RejectedError(
                "Engagements of this type must be approved before they are confirmed.",
                code="not_approved",
            )
        case Status.PLANNED | Status.APPROVED:
            return [EngagementConfirmed()]
        case Status.PROPOSED:
            raise RejectedError("This engagement is only proposed; plan it first.")
        case _:
            raise _already(status)


def postpone(
    status: Status, fields: EngagementFields, command: PostponeEngagement, ctx: Context
) -> list[EngagementEvent]:
    """Until further notice, or to a time to come; then it has to be confirmed again."""
    if command.starts_at is None:
        if command.ends_at is not None:
            raise invalid("/starts_at", "missing", "Say when it is to start, too.")
        if status is Status.POSTPONED:
            return []
        return [EngagementPostponed(reason=command.reason)]
    when = with_times(fields.when, command.starts_at, command.ends_at)
    check_to_come(when.starts_at, ctx)
    return [EngagementPostponed(when=when, reason=command.reason)]


def _needs_approval(fields: EngagementFields, ctx: Context) -> bool:
    return fields.engagement_type in ctx.policy.needs_approval


def _already(status: Status) -> RejectedError:
    return RejectedError(f"This engagement is already {status}.")
