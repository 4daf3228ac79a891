"""What happens when: engagements and due dates by day, and as lanes with the gaps between contacts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from services.gateway.web.page import View
from services.gateway.web.times import parsed

GAP_DAYS = 14
LEAST_WIDTH = 0.8
FULL = 100.0
NO_CONTACT = ("cancelled", "postponed")
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Range:
    """From the first day to the last, both whole, in UTC."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def share(self, at: datetime) -> float:
        """Where `at` lies, in percent of the range; what is outside is at its end."""
        passed = (at - self.begins).total_seconds() / (self.ends - self.begins).total_seconds()
        return round(min(max(passed, 0.0), 1.0) * FULL, 3)


@dataclass(frozen=True, slots=True)
class Bar:
    """`view` is None for a gap of `days` without contact. `left` and `width` are percent."""

    view: View | None
    left: float
    width: float
    days: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    bars: list[Bar]
    gaps: list[Bar]


def by_day(views: Iterable[View], days: Iterable[date]) -> dict[date, list[View]]:
    """Every day of `days`, with what begins or is due on it in the order of time."""
    found: dict[date, list[View]] = {day: [] for day in days}
    for view in sorted(views, key=moment_of):
        if (day := moment_of(view).date()) in found:
            found[day].append(view)
    return found


def moment_of(view: View) -> datetime:
    at = parsed(view.get("starts_at") or view.get("due_at"))
    return at or datetime.max.replace(tzinfo=UTC)


def lanes(
    views: Iterable[View], keys_of: Callable[[View], Iterable[str]], within: Range, now: datetime
) -> list[Lane]:
    """One lane a key, busiest first; a view may be in several."""
    found: dict[str, list[View]] = {}
    for view in sorted(views, key=moment_of):
        for key in sorted(set(keys_of(view))):
            found.setdefault(key, []).append(view)
    order = sorted(found, key=lambda key: (-len(found[key]), key))
    return [
        Lane(key, [_bar(view, within) for view in found[key]], _gaps(found[key], within, now))
        for key in order
    ]


def organisations_met(view: View) -> list[str]:
    return _met(view, "organisation_id")


def people_met(view: View) -> list[str]:
    return _met(view, "person_id")


def area_of(view: View) -> list[str]:
    area = (view.get("place") or {}).get("area")
    return [str(area)] if area else []


def _met(view: View, name: str) -> list[str]:
    others = [one for one in view.get("participants") or () if one.get("side") != OURS]
    return [str(one[name]) for one in others if one.get(name)]


def _bar(view: View, within: Range) -> Bar:
    begins = moment_of(view)
    ends = parsed(view.get("ends_at")) or begins
    left = within.share(begins)
    width = max(within.share(ends) - left, LEAST_WIDTH)
    return Bar(view, min(left, FULL - width), width)


def _gaps(views: list[View], within: Range, now: datetime) -> list[Bar]:
    """Times of GAP_DAYS and more between two contacts, and since the last one until now."""
    met = [moment_of(view) for view in views if view.get("status") not in NO_CONTACT]
    if met and met[-1] < now:
        met.append(min(now, within.ends))
    between = [(first, last, (last - first).days) for first, last in pairwise(met)]
    return [
        Bar(None, within.share(a), round(within.share(b) - within.share(a), 3), days, a)
        for a, b, days in between
        if days >= GAP_DAYS
    ]


LANES: Mapping[str, Callable[[View], list[str]]] = {
    "organisation": organisations_met,
    "person": people_met,
    "area": area_of,
}
