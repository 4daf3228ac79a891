"""What is asked and told of emergency access."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.gateway.partner_api.schemas_parts import Answer
from services.gateway.reads.schemas import ReadShown
from shared.api.common import Request
from shared.contracts.glass import Finding
from shared.contracts.reads import Way
from shared.policy import WireLabel
from shared.values import ShortWords, Word


class BreakGlassAsked(Request):
    """For a person who has just signed in; never for a machine."""

    caveats: Annotated[tuple[Word, ...], Field(min_length=1, max_length=16)]
    minutes: Annotated[int, Field(ge=1, le=240)] = 60
    reason: Annotated[
        ShortWords,
        Field(description="Security officers and the owners of what is read will read it."),
    ]


class ReviewAsked(Request):
    finding: Finding
    note: ShortWords


class OpeningShown(Answer):
    """`reads`: how often something was shown that it alone made readable."""

    id: str
    account: str
    name: str | None = None
    organisation: str
    caveats: list[str]
    reason: str
    opened_at: datetime
    until: datetime
    open: bool
    closed_at: datetime | None = None
    closed_by: str | None = None
    reads: int
    finding: Finding | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    note: str | None = None


class OpeningsShown(Answer):
    items: list[OpeningShown]
    next_cursor: str | None = None


class EmergencyReadShown(ReadShown):
    """A read of a record of your organisation that emergency access alone made possible."""

    record: str
    emergency: str
    reason: str


class EmergencyReadsShown(Answer):
    items: list[EmergencyReadShown]
    next_cursor: str | None = None


class LookShown(Answer):
    """That something was shown under it. What it was is told to who reads it anyway."""

    at: datetime
    way: Way
    record: str | None = None
    owner: str | None = None
    groups: tuple[str, ...] = ()
    label: WireLabel | None = None


class LooksShown(Answer):
    items: list[LookShown]
    next_cursor: str | None = None


ANSWERS: tuple[type[Answer], ...] = (OpeningShown, OpeningsShown, EmergencyReadsShown, LooksShown)
