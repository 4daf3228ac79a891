"""What a write answers beside its outcome, shown this once and kept nowhere."""

from collections.abc import Mapping
from typing import Any


def private_of(told: Mapping[str, Any]) -> dict[str, Any]:  # Any: JSON of a service
    """Private details, which are read by a write so that their reading is recorded."""
    return {"private": told["private"]} if told.get("private") else {}
