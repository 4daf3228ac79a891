"""What can happen to any record whose content must go: asked for, then refused or carried out."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from shared.contracts.event import SEALED, DomainEvent, Group, Relabelling
from shared.ids import RecordId
from shared.values import Text


class Ground(StrEnum):
    """Why content must go. It outlives the content, so it is a word and no text."""

    ERASURE = "erasure"
    SPILL = "spill"


class RemovalEvent(DomainEvent):
    """Kinds of record take no notice of these: they are folded beside a record's state, as labels are."""


class RemovalAsked(RemovalEvent):
    """`asked_by`: who, for a second person must approve. The reason goes with the content."""

    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.removal_asked.v1"] = "record.removal_asked.v1"
    ground: Ground
    asked_by: str
    reason: Annotated[Text | None, SEALED] = None


class RemovalRefused(RemovalEvent):
    group: ClassVar[Group] = Group.HANDLING
    type: Literal["record.removal_refused.v1"] = "record.removal_refused.v1"
    reason: Annotated[Text | None, SEALED] = None


class Removed(Relabelling, RemovalEvent):
    """The keys of `subjects` are to be destroyed everywhere; what is left is for the owner alone.

    `because_of`: the record whose removal took this one along, as it was merged into it.
    """

    type: Literal["record.removed.v1"] = "record.removed.v1"
    ground: Ground
    subjects: tuple[RecordId, ...]
    because_of: RecordId | None = None


AnyRemoval = RemovalAsked | RemovalRefused | Removed
