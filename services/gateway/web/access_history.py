"""The history of an access record: beside each step what it changed, from what to what."""

from collections.abc import Iterable, Mapping
from typing import Any

Event = Mapping[str, Any]  # Any: JSON
# What names a step rather than a state: told as it is.
TOLD = (
    "kind",
    "name",
    "expires_at",
    "credential_id",
    "others_end_at",
    "issuer",
    "identity",
    "passkey_id",
)
COMPARED = ("username", "display_name", "organisation_id", "language", "level")


def with_changes(latest_first: Iterable[Event]) -> list[dict[str, Any]]:
    """Each event with `changes`: pairs of before and after by field. Latest first."""
    known: dict[str, Any] = {}
    told = []
    for event in reversed(list(latest_first)):
        fields = event["fields"]
        after = {name: _plain(fields[name]) for name in COMPARED if fields.get(name)}
        changes = {n: (known.get(n), value) for n, value in after.items() if known.get(n) != value}
        known |= after
        said = {name: _plain(fields[name]) for name in TOLD if fields.get(name)}
        told.append({**event, "changes": changes, "told": said})
    return told[::-1]


def _plain(value: Any) -> Any:  # Any: JSON
    return value["text"] if isinstance(value, dict) else value
