"""Times in addresses: relative to today (`-7d`, `+2w`, `today`) or dates; and both made absolute."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from shared.clock import utc_now

RELATIVE = re.compile(r"([+-]?)(\d{1,4})([dw])")
DAYS: Mapping[str, int] = {"d": 1, "w": 7}
TODAY = "today"
TIMES = ("from", "to")


def absolute(query: Mapping[str, str]) -> dict[str, str]:
    """The same query, its relative times as dates of UTC; anything else is left as it is."""
    today = utc_now().date()
    return {key: _fixed(value, today) if key in TIMES else value for key, value in query.items()}


def day_of(value: str, today: date) -> date | None:
    """The day meant; None for what is none. `+` may arrive as a space, which is what it says in addresses."""
    told = value.strip()
    if told == TODAY:
        return today
    if found := RELATIVE.fullmatch(told):
        days = int(found[2]) * DAYS[found[3]]
        return today + timedelta(days=-days if found[1] == "-" else days)
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return None


def is_relative(value: str) -> bool:
    return value.strip() == TODAY or bool(RELATIVE.fullmatch(value.strip()))


def _fixed(value: str, today: date) -> str:
    day = day_of(value, today) if is_relative(value) else None
    return day.isoformat() if day else value
