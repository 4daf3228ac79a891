"""When an engagement may be planned, when it may be called held, and other times than the planned ones."""

from datetime import datetime

from shared.decider import Context
from shared.errors import invalid
from shared.values import When


def check_to_come(starts_at: datetime, ctx: Context) -> None:
    """Raises InvalidError unless `starts_at` lies ahead."""
    if starts_at <= ctx.now:
        raise invalid(
            "/starts_at",
            "not_in_future",
            "An engagement is planned for a time still to come; record one that took place as held.",
        )


def check_begun(starts_at: datetime, ctx: Context) -> None:
    """Raises InvalidError unless `starts_at` has passed."""
    if starts_at > ctx.now:
        raise invalid("/starts_at", "in_future", "What has not begun cannot have been held.")


def with_times(planned: When, starts_at: datetime | None, ends_at: datetime | None) -> When:
    """The planned times with those that are given instead; by itself a later start keeps the planned length.

    Raises InvalidError when the end would lie before the start.
    """
    start = starts_at or planned.starts_at
    length = planned.ends_at - planned.starts_at
    end = ends_at or (start + length if starts_at else planned.ends_at)
    if end < start:
        raise invalid("/ends_at", "invalid", "It cannot end before it starts.")
    return planned.model_copy(update={"starts_at": start, "ends_at": end})
