"""Times as pages show them: UTC ("Zulu") in the reader's language, always absolute."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime


def parsed(value: object) -> datetime | None:
    """A moment of a view, in UTC; None for anything else."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return None


def moment(value: object, formats: Locale) -> str:
    """`22 Nov 2026, 14:32Z`; an empty string when there is no time."""
    at = parsed(value)
    return f"{day(at, formats)}, {at:%H:%M}Z" if at else ""


def day(value: object, formats: Locale) -> str:
    at = parsed(value)
    return format_date(at, "d MMM y", locale=formats) if at else ""


def date_of(value: object, formats: Locale) -> str:
    """A day that is no moment, and so has no zone: a date, or one as it is written in ISO 8601."""
    if isinstance(value, date):
        return format_date(value, "d MMM y", locale=formats)
    try:
        return format_date(date.fromisoformat(str(value)), "d MMM y", locale=formats)
    except ValueError:
        return ""


def clock(value: object) -> str:
    at = parsed(value)
    return f"{at:%H:%M}Z" if at else ""


def local_input(value: object, zone: str) -> str:
    """What a form's field for a local time takes."""
    at = parsed(value)
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at else ""


def local_clock(value: object, zone: str) -> str:
    """The hour on the mission's clocks; `zone` is a name of the IANA database."""
    at = parsed(value)
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}" if at else ""


def weekday(value: object, formats: Locale) -> str:
    at = parsed(value)
    return format_datetime(at, "EEE", locale=formats) if at else ""


def span(starts_at: object, ends_at: object, formats: Locale) -> str:
    """Start and end; the end's day only when it is another one."""
    first, last = parsed(starts_at), parsed(ends_at)
    if first is None:
        return ""
    if last is None or last == first:
        return moment(first, formats)
    end = f"{last:%H:%M}Z" if last.date() == first.date() else moment(last, formats)
    return f"{day(first, formats)}, {first:%H:%M}\N{EN DASH}{end}"
