"""Valid commitments, commands and events; a test names only what matters to it."""

from datetime import timedelta
from typing import Any

from shared.contracts.commitments import (
    GROUPS,
    CommitmentFields,
    CommitmentGiven,
    Direction,
    Party,
)
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.values import Text
from tests.unit.story import NOW, OURS, POLICY

DUE = NOW + timedelta(days=1)
LATER = NOW + timedelta(days=5)
LABELS = {
    group: to_json(POLICY.default(Kind.COMMITMENT, group, OURS))
    for group in GROUPS[Kind.COMMITMENT]
}


def words(text: str) -> Text:
    return Text(text=text, lang="en")


def some_fields(them: RecordId, **more: Any) -> CommitmentFields:
    """We promise something to this organisation, for tomorrow."""
    given: dict[str, Any] = {
        "direction": Direction.BY_US,
        "what": words("Escort for the grain convoy"),
        "by": Party(organisation_id=OURS),
        "to": Party(organisation_id=them),
        "due_at": DUE,
    }
    return CommitmentFields(**(given | more))


def a_promise(fields: CommitmentFields) -> CommitmentGiven:
    """The event that begins it."""
    return CommitmentGiven(**dict(fields), labels=LABELS)
