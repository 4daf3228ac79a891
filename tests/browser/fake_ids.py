"""What the stand-in records of all kinds share: the moment they are made for, and ids that stay."""

from datetime import UTC, datetime
from typing import Any

from shared.ids import ALPHABET

Record = dict[str, Any]  # Any: JSON
NOW = datetime.now(UTC).replace(microsecond=0, second=0)


def an_id(kind: str, number: int) -> str:
    return f"{kind}_{'0' * 24}{ALPHABET[number // 32]}{ALPHABET[number % 32]}"


OURS = an_id("organisation", 1)
