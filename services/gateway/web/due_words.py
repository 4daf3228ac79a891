"""Dates as people type them: fri, +7d, tomorrow, 2026-12-01; in English and in the page's language."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from babel import Locale
from babel.dates import get_day_names

from services.gateway.web.marking import N_
from services.gateway.web.page import Page
from shared.clock import utc_now

LAST_MINUTE = time(23, 59, tzinfo=UTC)
LEAST_LETTERS = 2
LATER = re.compile(r"\+\s*(\d{1,3})\s*([dw]?)")
DAYS: Mapping[str, int] = {"": 1, "d": 1, "w": 7}
WEEK_DAYS = 7
NEAR = (N_("today"), N_("tomorrow"))
ENGLISH = Locale("en")


def due(page: Page, typed: str) -> str | None:
    """The last minute of the day meant, in UTC, as RFC 3339; None for what is no day."""
    words = (*NEAR, *(page.translated(word) for word in NEAR))
    found = day_meant(typed, utc_now().date(), words, page.language.formats)
    return datetime.combine(found, LAST_MINUTE).isoformat() if found else None


def day_meant(typed: str, today: date, near: tuple[str, ...], formats: Locale) -> date | None:
    """`near`: words for today and tomorrow, in turns. A weekday is the next one, never today."""
    said = typed.strip().lower()
    if said in near:
        return today + timedelta(days=near.index(said) % 2)
    if later := LATER.fullmatch(said):
        return today + timedelta(days=int(later[1]) * DAYS[later[2]])
    if (ahead := _weekday_ahead(said, today, formats)) is not None:
        return today + timedelta(days=ahead)
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _weekday_ahead(said: str, today: date, formats: Locale) -> int | None:
    """Days until the one weekday that begins so; None when there is none or more than one."""
    if len(said) < LEAST_LETTERS:
        return None
    meant = {day for day, name in _weekdays(formats) if name.lower().startswith(said.rstrip("."))}
    if len(meant) != 1:
        return None
    return (meant.pop() - today.weekday() - 1) % WEEK_DAYS + 1


def _weekdays(formats: Locale) -> Iterator[tuple[int, str]]:
    """Monday is 0."""
    for locale in (ENGLISH, formats):
        yield from get_day_names("wide", locale=locale).items()
        yield from get_day_names("abbreviated", locale=locale).items()
