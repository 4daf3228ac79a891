"""What was promised at the demo's meetings, by us and to us, and what became of it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.demo.acts import MADE, Act, Json
from cli.demo.material import Theme

# Of all debriefed meetings: how many led to one promise, and to a second one.
ONE, TWO = 0.68, 0.12
DAYS_UNTIL_DUE = (7, 14, 14, 21, 30, 45)
# What has been due for longer than this was settled one way or the other.
SETTLED_AFTER = timedelta(days=25)
KEPT, BROKEN, RENEGOTIATED, WITHDRAWN = 0.55, 0.65, 0.75, 0.8
EVIDENCE = ("Seen by our patrol.", "Confirmed in the next meeting.", "Letter received.")
REASONS = ("No answer in spite of two reminders.", "The road was closed by rain.")

Step = tuple[datetime, str, Json]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A debriefed meeting: its subject, whom we met (an organisation's id), and when it was reported."""

    subject: str
    counterpart: str
    reported: datetime
    account: str
    theme: Theme


def promises(meeting: Meeting, chance: random.Random, now: datetime) -> Iterator[Act]:
    """All that has been recorded of this meeting's promises by `now`."""
    drawn = chance.random()
    for number in range(2 if drawn < TWO else 1 if drawn < ONE else 0):
        by_us = chance.random() < 0.45
        subject = f"{meeting.subject}-c{number}"
        for at, action, body in _steps(meeting, by_us, chance, now):
            if at <= now:
                moment = at.replace(microsecond=0)
                yield Act(moment, meeting.account, "commitments", subject, action, body)


def _steps(meeting: Meeting, by_us: bool, chance: random.Random, now: datetime) -> Iterator[Step]:
    given = meeting.reported + timedelta(minutes=1)
    due = _afternoon(given + timedelta(days=chance.choice(DAYS_UNTIL_DUE)))
    yield given, "create", _promise(meeting, by_us, due, chance)
    if chance.random() < 0.5:
        yield given + timedelta(hours=chance.uniform(4, 40)), "accept", {}
    if chance.random() < 0.35:
        noted = {"progress": chance.choice((1, 2))}
        yield given + (due - given) * chance.uniform(0.45, 0.6), "progress", noted
    yield from _fate(given, due, chance, now)


def _fate(given: datetime, due: datetime, chance: random.Random, now: datetime) -> Iterator[Step]:
    fate = chance.random()
    if now - due > SETTLED_AFTER:
        fate *= WITHDRAWN
    late = given + (due - given) * chance.uniform(0.65, 0.95)
    if fate < KEPT:
        yield late, "keep", _evidence(chance)
    elif fate < BROKEN:
        yield due + timedelta(days=2), "break", _because(chance)
    elif fate < RENEGOTIATED:
        anew = due + timedelta(days=14)
        yield late, "renegotiate", {"due_at": anew.isoformat(), **_because(chance)}
        yield anew - timedelta(days=1), "keep", _evidence(chance)
    elif fate < WITHDRAWN:
        yield late, "withdraw", _because(chance)


def _promise(meeting: Meeting, by_us: bool, due: datetime, chance: random.Random) -> Json:
    said = meeting.theme.promises_by_us if by_us else meeting.theme.promises_to_us
    other = {"organisation_id": meeting.counterpart}
    return {
        "direction": "by_us" if by_us else "to_us",
        "what": {"text": chance.choice(said), "lang": meeting.theme.language},
        ("to" if by_us else "by"): other,
        "due_at": due.isoformat(),
        "formality": chance.choice(("verbal", "verbal", "minuted", "signed")),
        "engagement_id": f"{MADE}{meeting.subject}",
    }


def _evidence(chance: random.Random) -> Json:
    return {"evidence": {"text": chance.choice(EVIDENCE), "lang": "en"}}


def _because(chance: random.Random) -> Json:
    return {"reason": {"text": chance.choice(REASONS), "lang": "en"}}


def _afternoon(day: datetime) -> datetime:
    return day.replace(hour=13, minute=0, second=0, microsecond=0)
