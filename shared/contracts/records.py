"""What can happen to a record of any kind: its handling is marked, it is released to more people.

Both deciding services write these, through `shared/releasing.py` alone.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from shared.contracts.event import SEALED, DomainEvent, Group, Labels, Relabelling
from shared.ids import RecordId
from shared.values import Text


class Tag(StrEnum):
    """Informative: it tells a reader how to handle what he reads, and never decides who reads."""

    EXERCISE = "EXERCISE"
    CHATHAM_HOUSE = "CHATHAM-HOUSE"
    PERSONAL_DATA = "PERSONAL-DATA"


class RecordMarked(DomainEvent):
    """How it is to be handled, as it stands from now on.

    `originator`: whose information it is, where that is not the owner. Under `originator_control` nobody
    releases it further without the originator. `review_on`: when its label is to be looked at again.
    """

    type: Literal["record.marked.v1"] = "record.marked.v1"
    tags: tuple[Tag, ...] = ()
    originator: RecordId | None = None
    originator_control: bool = False
    review_on: date | None = None


class ReleaseRequested(DomainEvent):
    """Somebody of the owner asks that more people may see it. `wanted` holds only once it is released."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_requested.v1"] = "record.release_requested.v1"
    wanted: Labels
    reason: Annotated[Text | None, SEALED] = None


class ReleaseAgreed(DomainEvent):
    """The originator, whose control it is under, agrees to the release that is asked for."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_agreed.v1"] = "record.release_agreed.v1"
    note: Annotated[Text | None, SEALED] = None


class ReleaseRefused(DomainEvent):
    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_refused.v1"] = "record.release_refused.v1"
    reason: Annotated[Text | None, SEALED] = None


class ReleaseWithdrawn(DomainEvent):
    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.release_withdrawn.v1"] = "record.release_withdrawn.v1"


class RecordReleased(Relabelling):
    """The same content to more people, by a second person of the owner. Earlier versions keep theirs."""

    widens: ClassVar[bool] = True
    type: Literal["record.released.v1"] = "record.released.v1"
    note: Annotated[Text | None, SEALED] = None


RecordEvent = (
    RecordMarked
    | ReleaseRequested
    | ReleaseAgreed
    | ReleaseRefused
    | ReleaseWithdrawn
    | RecordReleased
)
