"""What a write would make, told to whoever orders it so that it can be looked at before. Pure."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import DomainEvent
from shared.ids import RecordId


class Needs(BaseModel):
    """What is still missing before it could be made."""

    model_config = ConfigDict(frozen=True)
    code: str
    detail: str


class Foretold(BaseModel):
    """A record that nobody has made. `events`: as they would be appended, open, as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: RecordId
    owner: RecordId
    exercise: bool
    events: tuple[dict[str, Any], ...]  # Any: JSON of events
    needs: Needs | None = None


def spelled(events: Sequence[DomainEvent]) -> tuple[dict[str, Any], ...]:  # Any: JSON of events
    return tuple(event.model_dump(mode="json") for event in events)
