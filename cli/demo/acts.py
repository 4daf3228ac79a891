"""What the demo's story consists of: one thing an account records at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SYSTEM = "demo"
# In a body, the id of something made earlier in the story.
MADE = "@@"
MAKING = ("create", "record_held")

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Act:
    """`account` does it, to a record of the kind `plural`; `subject` names that record in the story."""

    at: datetime
    account: str
    plural: str
    subject: str
    action: str
    body: Json

    @property
    def makes(self) -> bool:
        return self.action in MAKING

    @property
    def key(self) -> str:
        """Its idempotency key, the same at every attempt to load the story."""
        if self.makes:
            return made(self.subject)
        return f"{SYSTEM}-{self.subject}-{self.action}-{self.at:%Y%m%d%H%M%S}"


def made(subject: str) -> str:
    """The key under which the record of this subject was made."""
    return f"{SYSTEM}-{subject}-made"


def resolved(body: Any, ids: Mapping[str, str]) -> Any:  # Any: JSON
    """The body with the ids of what it mentions by subject."""
    match body:
        case str() if body.startswith(MADE):
            return ids[made(body.removeprefix(MADE))]
        case dict():
            return {name: resolved(value, ids) for name, value in body.items()}
        case list():
            return [resolved(value, ids) for value in body]
        case _:
            return body
