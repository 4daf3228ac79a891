"""Every order about a post, what it needs the right to do, and which groups it touches."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.event import Group
from shared.contracts.posts import PostFields
from shared.ids import RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import ExternalId, Text


@dataclass(frozen=True, slots=True)
class CreatePost:
    fields: PostFields
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class AmendPost:
    """All amendable fields as they should stand. `retired`: it is, or is to be, retired."""

    fields: PostFields
    labels: LabelsAsked = NOTHING_ASKED
    retired: bool = False


@dataclass(frozen=True, slots=True)
class TakePost:
    person_id: RecordId
    since: date
    acting: bool = False


@dataclass(frozen=True, slots=True)
class LeavePost:
    """`until` is the last day."""

    person_id: RecordId
    until: date
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RetirePost:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelPost:
    labels: LabelsAsked
    reason: Text | None = None


Command = CreatePost | AmendPost | TakePost | LeavePost | RetirePost | RelabelPost


def action(command: Command) -> Action:
    match command:
        case CreatePost():
            return Action.CREATE
        case RetirePost():
            return Action.RETIRE
        case RelabelPost():
            return Action.RELABEL
        case _:
            return Action.CHANGE


def references(command: Command) -> frozenset[RecordId]:
    match command:
        case CreatePost(fields) | AmendPost(fields):
            return frozenset(one for one in (fields.organisation_id, fields.place_id) if one)
        case TakePost(person_id):
            return frozenset({person_id})
        case _:
            return frozenset()


def touches(command: Command) -> dict[str, Group]:
    """Where the request gives content or labels of a group other than the base."""
    match command:
        case CreatePost(labels=labels) | AmendPost(labels=labels) | RelabelPost(labels):
            return labels.touches
        case TakePost() | LeavePost():
            return {"/person_id": Group.IDENTITY}
        case _:
            return {}
