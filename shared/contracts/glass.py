"""What can happen to emergency access (break-glass): opened by a person, closed, and reviewed afterwards."""

from enum import StrEnum
from typing import Annotated, Literal

from shared.contracts.event import SEALED, DomainEvent, Labelled
from shared.ids import RecordId
from shared.values import Moment, Text, Word


class Finding(StrEnum):
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class GlassBroken(Labelled):
    """`account_id` reads what bears `caveats` until `until`, whoever granted them or not."""

    type: Literal["glass.broken.v1"] = "glass.broken.v1"
    account_id: Word
    organisation_id: RecordId
    caveats: tuple[Word, ...]
    opened_at: Moment
    until: Moment
    reason: Annotated[Text, SEALED]


class GlassClosed(DomainEvent):
    """Before its time was over."""

    type: Literal["glass.closed.v1"] = "glass.closed.v1"
    by: Word
    closed_at: Moment


class GlassReviewed(DomainEvent):
    """A security officer has looked at what it was used for."""

    type: Literal["glass.reviewed.v1"] = "glass.reviewed.v1"
    by: Word
    finding: Finding
    reviewed_at: Moment
    note: Annotated[Text, SEALED]


GlassEvent = GlassBroken | GlassClosed | GlassReviewed
