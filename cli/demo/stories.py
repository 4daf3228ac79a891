"""Three hundred engagements over a year and the coming weeks, and what was promised at them: the same for the
same seed and moment."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.demo.accounts import approver, loader
from cli.demo.acts import Act
from cli.demo.audiences import Json, Writer, writers
from cli.demo.composing import Cast, counterpart_of, debrief, engagement, retold
from cli.demo.material import Theme
from cli.demo.promising import Meeting, Step, promises
from cli.demo.thread import thread
from shared.contracts.engagements import CancelReason

ENGAGEMENTS = 300
SEED = 20_261_122
DAYS_BACK = 360
DAYS_AHEAD = 28
# The first stories lie around the present, so that Today has something to tell: yesterday to in three days.
AROUND_NOW = 25
DAYS_AROUND = (-1, 0, 0, 1, 3)
# Working days of the mission begin at six UTC (eight in Juba).
FIRST_HOUR, HOURS = 6, 9
QUARTER_MINUTES = 15


def tell(cast: Cast, now: datetime) -> list[Act]:
    """All acts in the order of their time, none after `now`."""
    acts: list[Act] = []
    for story in range(ENGAGEMENTS):
        # Of its own: what has happened of one story by now changes nothing of the others.
        chance = random.Random(f"{SEED}/{story}")  # noqa: S311 - a story, not a secret
        writer = _writer(chance, writers())
        acts += _Story(cast, writer, chance, now, story).acts()
    acts += thread(cast, now)
    return sorted(acts, key=lambda act: (act.at, act.subject))


def _writer(chance: random.Random, known: Sequence[Writer]) -> Writer:
    return chance.choices(known, [writer.share for writer in known])[0]


@dataclass(frozen=True, slots=True)
class _Story:
    cast: Cast
    writer: Writer
    chance: random.Random
    now: datetime
    number: int

    def acts(self) -> Iterator[Act]:
        starts = self._start()
        theme = self.chance.choice(self.cast.words.themes)
        minutes = self.chance.choice((30, 45, 60, 60, 90, 120))
        told = engagement(self.cast, self.writer, theme, self.chance)
        told |= {"starts_at": starts.isoformat(), "duration_minutes": minutes}
        told |= self.writer.label(self.chance)
        to_come = starts > self.now
        steps = self._to_come(told, starts) if to_come else self._past(told, starts, minutes, theme)
        yield from self._known(steps)
        reported = [at for at, action, _ in steps if action in ("record_held", "debrief")]
        counterpart = counterpart_of(told)
        if reported and counterpart:
            account = loader(self.writer.organisation)
            meeting = Meeting(self._subject, counterpart, reported[0], account, theme)
            yield from promises(meeting, self.chance, self.now)

    def _past(self, told: Json, starts: datetime, minutes: int, theme: Theme) -> list[Step]:
        said = debrief(theme, self.writer, self.chance)
        fate = self.chance.random()
        late = self.chance.uniform(26, 70) if self.chance.random() < 0.15 else 0
        over = starts + timedelta(minutes=minutes + self.chance.randint(5, 40))
        reported = over + timedelta(hours=late or self.chance.uniform(0.5, 20))
        if fate < 0.1:
            unplanned = {k: v for k, v in told.items() if k != "own_side"} | {"debrief": said}
            return [(reported, "record_held", unplanned)]
        planned = starts - timedelta(days=self.chance.uniform(2, 18))
        if fate < 0.22:
            called_off = starts - timedelta(hours=self.chance.uniform(1, 30))
            return [(planned, "create", told), (called_off, "cancel", self._off())]
        confirmed = starts - timedelta(hours=self.chance.uniform(4, 44))
        approval = self._approval(told, planned, confirmed)
        begun = [(planned, "create", told), *approval, (confirmed, "confirm", {})]
        if fate < 0.25:
            return begun
        if fate < 0.33:
            return [*begun, (over, "hold", {})]
        return [
            *begun,
            (over, "hold", {}),
            (reported, "debrief", said),
            *self._after(reported, fate),
        ]

    def _after(self, reported: datetime, fate: float) -> list[Step]:
        """What follows a debrief: closed in time, sometimes told to more."""
        label = retold(self.writer) if fate > 0.96 else None
        widened = reported + timedelta(days=self.chance.uniform(2, 9))
        closed = reported + timedelta(days=self.chance.uniform(10, 40))
        return [
            *([(widened, "relabel", label)] if label else []),
            *([(closed, "close", {})] if fate < 0.8 else []),
        ]

    def _to_come(self, told: Json, starts: datetime) -> list[Step]:
        fate = self.chance.random()
        planned = self.now - timedelta(days=self.chance.uniform(0.1, 12))
        if fate < 0.25:
            return [(planned, "create", told | {"status": "proposed"})]
        then = planned + (self.now - planned) * self.chance.uniform(0.2, 0.9)
        if fate < 0.55:
            return [(planned, "create", told)]
        if fate < 0.62:
            return [(planned, "create", told), (then, "postpone", {"reason": self._rain()})]
        if fate < 0.9:
            approval = self._approval(told, planned, then)
            return [(planned, "create", told), *approval, (then, "confirm", {})]
        return [(planned, "create", told), (then, "cancel", self._off())]

    def _approval(self, told: Json, planned: datetime, confirmed: datetime) -> list[Step]:
        """Where the mission asks for it: by a second person, half-way between the two."""
        approved = planned + (confirmed - planned) / 2
        return [(approved, "approve", {})] if told["type"] in self.cast.needs_approval else []

    def _known(self, steps: Sequence[Step]) -> Iterator[Act]:
        """What has been recorded by now; later steps have not happened yet."""
        organisation = self.writer.organisation
        for at, action, body in steps:
            if at <= self.now:
                moment = at.replace(microsecond=0)
                account = approver(organisation) if action == "approve" else loader(organisation)
                yield Act(moment, account, "engagements", self._subject, action, body)

    @property
    def _subject(self) -> str:
        return f"e{self.number:03d}"

    def _start(self) -> datetime:
        days = self.chance.randint(-DAYS_BACK, DAYS_AHEAD)
        if self.number < AROUND_NOW:
            days = DAYS_AROUND[self.number % len(DAYS_AROUND)]
        day = self.now + timedelta(days=days)
        quarter = self.chance.randrange(HOURS * 60 // QUARTER_MINUTES)
        morning = day.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
        return morning + timedelta(minutes=quarter * QUARTER_MINUTES)

    def _off(self) -> Json:
        return {"reason": self.chance.choice(list(CancelReason)).value}

    def _rain(self) -> Json:
        return {"text": "The road is closed after rain.", "lang": "en"}
