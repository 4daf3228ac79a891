"""Who holds a post, and since when: what taking and leaving it make of the list."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.contacts.post_commands import LeavePost, TakePost
from shared.contracts.posts import PostEvent, PostLeft, PostTaken
from shared.errors import RejectedError, invalid
from shared.ids import RecordId

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """`until`: the last day, None while somebody holds it."""

    person_id: RecordId
    since: date
    acting: bool = False
    until: date | None = None


Holders = tuple[Holder, ...]


def taken(holders: Holders, event: PostTaken) -> Holders:
    return (*holders, Holder(event.person_id, event.since, event.acting))


def left(holders: Holders, event: PostLeft) -> Holders:
    return tuple(
        replace(one, until=event.until) if _holds(one, event.person_id) else one for one in holders
    )


def take(holders: Holders, command: TakePost) -> list[PostEvent]:
    """Whoever holds it is taken to have left the day before, unless the new one is only acting.

    Raises RejectedError for somebody who holds it already, InvalidError for a day before the last change.
    """
    taking = Holder(command.person_id, command.since, command.acting)
    if any(replace(one, until=None) == taking for one in holders):
        return []  # a client's retry must be harmless
    current = [one for one in holders if one.until is None]
    if any(_is_same(one, taking) for one in current):
        raise RejectedError("This person holds the post already.")
    leaving = [one for one in current if not command.acting or _holds(one, command.person_id)]
    last_day = command.since - ONE_DAY
    if any(last_day < one.since for one in leaving):
        raise invalid("/since", "invalid", "Whoever holds it took it later than that.")
    handed_over = [PostLeft(person_id=one.person_id, until=last_day) for one in leaving]
    new = PostTaken(person_id=taking.person_id, since=taking.since, acting=taking.acting)
    return [*handed_over, new]


def leave(holders: Holders, command: LeavePost) -> list[PostEvent]:
    """Raises RejectedError for somebody who does not hold it, InvalidError for a day before he took it."""
    found = [one for one in holders if one.person_id == command.person_id]
    current = [one for one in found if one.until is None]
    if any(one.until == command.until for one in found) and not current:
        return []  # a client's retry must be harmless
    if not current:
        raise RejectedError("This person does not hold the post.")
    if command.until < current[-1].since:
        raise invalid("/until", "invalid", "Nobody leaves a post before taking it.")
    return [PostLeft(person_id=command.person_id, until=command.until, reason=command.reason)]


def _holds(holder: Holder, person_id: RecordId) -> bool:
    return holder.person_id == person_id and holder.until is None


def _is_same(holder: Holder, taking: Holder) -> bool:
    return holder.person_id == taking.person_id and holder.acting == taking.acting
