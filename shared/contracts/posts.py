"""What can happen to a post: an office that outlives its holders ("County commissioner, Akobo").

Who holds it is in the identity group, so that the office can be known where its holder may not be.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from shared.contracts.event import SEALED, DomainEvent, Group, Labelled, Relabelling
from shared.ids import Kind, RecordId
from shared.values import ExternalId, Text, Word

GROUPS: dict[Kind, tuple[Group, ...]] = {Kind.POST: (Group.BASE, Group.IDENTITY)}


class PostFields(DomainEvent):
    """`area`: p-code of the area it is responsible for. `since`, `until`: the office itself, not a holder."""

    name: Annotated[Text, SEALED]
    organisation_id: RecordId | None = None
    place_id: RecordId | None = None
    area: Word | None = None
    note: Annotated[Text | None, SEALED] = None


class PostCreated(PostFields, Labelled):
    type: Literal["post.created.v1"] = "post.created.v1"
    external_ids: tuple[ExternalId, ...] = ()


class PostAmended(PostFields):
    """All amendable fields as they stand from now on."""

    type: Literal["post.amended.v1"] = "post.amended.v1"


class PostTaken(DomainEvent):
    """Somebody holds the post from `since` on; `acting`: until it is properly filled."""

    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["post.taken.v1"] = "post.taken.v1"
    person_id: RecordId
    since: date
    acting: bool = False


class PostLeft(DomainEvent):
    """Its holder left it; `until` is the last day."""

    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["post.left.v1"] = "post.left.v1"
    person_id: RecordId
    until: date
    reason: Annotated[Text | None, SEALED] = None


class PostRetired(DomainEvent):
    """The office is no more."""

    type: Literal["post.retired.v1"] = "post.retired.v1"
    reason: Annotated[Text | None, SEALED] = None


class PostRelabelled(Relabelling):
    type: Literal["post.relabelled.v1"] = "post.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


PostEvent = PostCreated | PostAmended | PostTaken | PostLeft | PostRetired | PostRelabelled
