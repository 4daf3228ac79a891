"""Bodies that are right but for one number that is none: spelled as JSON does not, or beyond every float."""

import json
from collections.abc import Iterator
from typing import Any

ENDLESS = ("NaN", "-Infinity", "Infinity", "1e400", "-1E+0400", "9" * 400)
# Status and code of the answer.
TOLD = (400, "not_finite")
_HERE = "<here>"


def bodies_with(right: Any) -> Iterator[bytes]:  # Any: JSON
    """Every value of `right` replaced by one of them in turn; and a field that there is not."""
    for number, wrong in enumerate(_replaced({**right, "no_such_field": 0})):
        endless = ENDLESS[number % len(ENDLESS)]
        yield json.dumps(wrong).replace(f'"{_HERE}"', endless).encode()


def _replaced(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for key, inside in value.items():
                yield from ({**value, key: other} for other in _replaced(inside))
        case list() if value:
            yield from ([other, *value[1:]] for other in _replaced(value[0]))
        case _:
            yield _HERE
