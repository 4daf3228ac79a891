"""What the gateway notes of reading: who was shown which portions of what, by which way, and when.

Nothing of it is content: ids, groups and labels. One event holds what one process noted in one go.
"""

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import DomainEvent, Group
from shared.ids import RecordId
from shared.values import Moment, Word


class Way(StrEnum):
    """How somebody was shown a record."""

    READ = "read"
    LIST = "list"
    HISTORY = "history"
    FILE = "file"
    FEED = "feed"
    WEBHOOK = "webhook"
    PAGE = "page"


class NotedRead(BaseModel):
    """`by`: the subject; `portions`: by group, the place of its effective label among the event's labels.

    `under`: the emergency access without which something of it would not have been shown; `viewing`: the
    viewing as others in which it was.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: Moment
    record: RecordId
    owner: RecordId
    by: Word
    organisation: RecordId
    client: Word
    way: Way
    portions: dict[Group, int]
    under: RecordId | None = None
    viewing: RecordId | None = None


class ReadsNoted(DomainEvent):
    """Each label once, in canonical JSON; most reads share a few."""

    type: Literal["reads.noted.v1"] = "reads.noted.v1"
    labels: tuple[dict[str, Any], ...]  # Any: a label's JSON, see shared/labels.py
    reads: tuple[NotedRead, ...]
