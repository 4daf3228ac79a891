"""Posts over time: who held what from when to when, and when nobody did. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.gateway.web.ports import View

ONE_DAY = timedelta(days=1)
WIDTH = 100.0
LEAST_WIDTH = 1.0


@dataclass(frozen=True, slots=True)
class Holding:
    """`until` is the last day; None: to this day. A gap has neither person nor post."""

    since: date
    until: date | None
    post_id: str | None = None
    person_id: str | None = None
    acting: bool = False
    reason: View | None = None

    @property
    def is_gap(self) -> bool:
        return self.person_id is None


@dataclass(frozen=True, slots=True)
class Bar:
    """A holding on a strip of WIDTH, with time running in the reading direction of the page. What
    overlaps stands in lanes below each other."""

    x: float
    width: float
    lane: int
    holding: Holding


def of_post(post: View) -> list[Holding]:
    """All who held it, as far as this reader may know; oldest first."""
    return sorted(_holdings([post]), key=lambda one: one.since)


def of_person(posts: Iterable[View], same: Iterable[str]) -> list[Holding]:
    """All posts of somebody, who goes by any of the ids of `same`; oldest first."""
    ids = set(same)
    held = (one for one in _holdings(posts) if one.person_id in ids)
    return sorted(held, key=lambda one: one.since)


def with_gaps(held: Iterable[Holding], today: date) -> list[Holding]:
    """The same, with a gap wherever there was nobody, or nothing, for a day or more."""
    shown: list[Holding] = []
    last: date | None = None
    for one in held:
        if last and one.since > last + ONE_DAY:
            shown.append(Holding(last + ONE_DAY, one.since - ONE_DAY))
        shown.append(one)
        last = max(filter(None, (last, one.until or today)))
    if last and last < today:
        shown.append(Holding(last + ONE_DAY, None))
    return shown


def bars(shown: Iterable[Holding], today: date) -> list[Bar]:
    """Where each stands on one strip from the first day to today."""
    listed = [one for one in shown if one.since <= today]
    if not listed:
        return []
    first = min(one.since for one in listed)
    day = WIDTH / ((today - first).days + 1)
    ends: list[date] = []
    found = []
    for one in listed:
        end = min(one.until or today, today)
        lane = next((n for n, last in enumerate(ends) if last < one.since), len(ends))
        ends[lane : lane + 1] = [end]
        width = max(((end - one.since).days + 1) * day, LEAST_WIDTH)
        found.append(Bar((one.since - first).days * day, width, lane, one))
    return found


def now(held: Iterable[Holding], today: date) -> list[Holding]:
    """Those that hold today."""
    return [one for one in held if one.since <= today and (one.until is None or one.until >= today)]


def _holdings(posts: Iterable[View]) -> Iterable[Holding]:
    for post in posts:
        for one in (post.get("identity") or {}).get("holders") or ():
            yield Holding(
                date.fromisoformat(one["since"]),
                date.fromisoformat(one["until"]) if one.get("until") else None,
                str(post["id"]),
                one["person_id"],
                bool(one.get("acting")),
                one.get("reason"),
            )
