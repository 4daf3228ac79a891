"""The rules of a post, which outlives whoever holds it.

| command | absent              | active                              | retired                            |
|---------|---------------------|-------------------------------------|------------------------------------|
| create  | created (+ retired) | Rejected                            | Rejected                           |
| amend   | NotFound            | (relabelled +) amended (+ retired)  | the same; Rejected unless it stays |
| take    | NotFound            | (left, for each who held it +)      | Rejected                           |
|         |                     | taken                               |                                    |
| leave   | NotFound            | left                                | left                               |
| retire  | NotFound            | retired                             | nothing                            |
| relabel | NotFound            | relabelled                          | relabelled                         |

What would change nothing makes no event, so that an import can be repeated.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from services.contacts import post_commands as commands
from services.contacts.post_commands import (
    AmendPost,
    Command,
    CreatePost,
    LeavePost,
    RelabelPost,
    RetirePost,
    TakePost,
)
from services.contacts.post_holders import Holders, leave, left, take, taken
from shared.contracts.event import Labels, fields_of
from shared.contracts.posts import (
    GROUPS,
    PostAmended,
    PostCreated,
    PostEvent,
    PostFields,
    PostLeft,
    PostRelabelled,
    PostRetired,
    PostTaken,
)
from shared.decider import Context, Decider
from shared.errors import FieldError, InvalidError, NotFoundError, RejectedError, invalid
from shared.ids import Kind
from shared.labels_asked import LabelsAsked
from shared.values import Text


class Status(StrEnum):
    ABSENT = "absent"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Post:
    """`fields` and `labels` are kept only to see whether a command would change anything."""

    status: Status = Status.ABSENT
    fields: PostFields | None = None
    holders: Holders = ()
    labels: Labels = field(default_factory=dict)


def decide(state: Post, command: Command, ctx: Context) -> list[PostEvent]:  # noqa: C901 - one arm a rule
    match command:
        case CreatePost():
            if state.status is not Status.ABSENT:
                raise RejectedError("This post is there already.")
            return _create(command, ctx)
        case _ if state.fields is None:
            raise NotFoundError
        case AmendPost():
            return _amend(state, state.fields, command, ctx)
        case TakePost():
            if state.status is Status.RETIRED:
                raise RejectedError("This post is no more; nobody takes it.")
            return _take(state, command, ctx)
        case LeavePost():
            return leave(state.holders, command)
        case RetirePost(reason):
            # A client's retry must be harmless.
            return [PostRetired(reason=reason)] if state.status is Status.ACTIVE else []
        case RelabelPost(asked, reason):
            return _relabel(state, asked, reason, ctx)
        case _:
            assert_never(command)


def evolve(state: Post, event: PostEvent) -> Post:
    match event:
        case PostCreated():
            return Post(Status.ACTIVE, fields_of(event, PostFields), (), event.labels)
        case PostAmended():
            return replace(state, fields=fields_of(event, PostFields))
        case PostTaken():
            return replace(state, holders=taken(state.holders, event))
        case PostLeft():
            return replace(state, holders=left(state.holders, event))
        case PostRetired():
            return replace(state, status=Status.RETIRED)
        case PostRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case _:
            assert_never(event)


def _create(command: CreatePost, ctx: Context) -> list[PostEvent]:
    _check_references(command.fields, None, ctx)
    labels = command.labels.for_new(Kind.POST, GROUPS[Kind.POST], ctx)
    created = PostCreated(**dict(command.fields), labels=labels, external_ids=command.external_ids)
    return [created, PostRetired()] if command.retired else [created]


def _amend(state: Post, known: PostFields, command: AmendPost, ctx: Context) -> list[PostEvent]:
    if state.status is Status.RETIRED and not command.retired:
        raise RejectedError("This post is no more; create it anew.")
    events = _relabel(state, command.labels, None, ctx)
    if command.fields != known:
        _check_references(command.fields, known, ctx)
        events.append(PostAmended(**dict(command.fields)))
    if command.retired and state.status is Status.ACTIVE:
        events.append(PostRetired())
    return events


def _take(state: Post, command: TakePost, ctx: Context) -> list[PostEvent]:
    """Whoever holds or held it may be retired or merged since, and still be named."""
    person_id = command.person_id
    kept = any(one.person_id == person_id for one in state.holders)
    if not kept and (person_id.kind is not Kind.PERSON or person_id not in ctx.references):
        raise invalid("/person_id", "unknown_reference", "There is no such person.")
    return take(state.holders, command)


def _relabel(state: Post, asked: LabelsAsked, reason: Text | None, ctx: Context) -> list[PostEvent]:
    labels = asked.for_known(GROUPS[Kind.POST], ctx)
    if state.labels | labels == state.labels:
        return []
    return [PostRelabelled(labels=labels, reason=reason)]


def _check_references(fields: PostFields, known: PostFields | None, ctx: Context) -> None:
    """Hidden, unknown, retired and of another kind answer alike; what stands already may stay."""
    kept = (known.organisation_id, known.place_id) if known else ()
    mentions = (
        ("/organisation_id", fields.organisation_id, Kind.ORGANISATION),
        ("/place_id", fields.place_id, Kind.PLACE),
    )
    wrong = tuple(
        FieldError(pointer, "unknown_reference", "There is no such record.")
        for pointer, other, kind in mentions
        if other and other not in kept and (other.kind is not kind or other not in ctx.references)
    )
    if wrong:
        raise InvalidError("Some references lead nowhere.", errors=wrong)


post: Decider[Command, PostEvent, Post] = Decider(
    kind=Kind.POST,
    groups=GROUPS[Kind.POST],
    initial=Post(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=commands.references,
    touches=commands.touches,
)
