"""Two hundred engagements over a year and the coming weeks, the same for the same seed and moment."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.demo.audiences import Json, Writer, writers
from cli.demo.composing import Cast, debrief, engagement, retold
from shared.contracts.engagements import CancelReason

ENGAGEMENTS = 200
SEED = 20_261_122
DAYS_BACK = 360
DAYS_AHEAD = 28
# The first stories lie around the present, so that Today has something to tell: yesterday to in three days.
AROUND_NOW = 25
DAYS_AROUND = (-1, 0, 0, 1, 3)
# Working days of the mission begin at six UTC (eight in Juba).
FIRST_HOUR, HOURS = 6, 9
QUARTER_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Act:
    """One thing an organisation records at a moment. `story` numbers the engagement."""

    at: datetime
    writer: str
    story: int
    action: str
    body: Json


def tell(cast: Cast, now: datetime) -> list[Act]:
    """All acts in the order of their time, none after `now`."""
    chance = random.Random(SEED)  # noqa: S311 - a story, not a secret
    acts: list[Act] = []
    for story in range(ENGAGEMENTS):
        writer = _writer(chance, writers())
        acts += _Story(cast, writer, chance, now, story).acts()
    return sorted(acts, key=lambda act: (act.at, act.story))


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
        if starts > self.now:
            return self._to_come(told, starts)
        return self._past(told, starts, minutes, debrief(theme, self.writer, self.chance))

    def _past(self, told: Json, starts: datetime, minutes: int, said: Json) -> Iterator[Act]:
        fate = self.chance.random()
        late = self.chance.uniform(26, 70) if self.chance.random() < 0.15 else 0
        over = starts + timedelta(minutes=minutes + self.chance.randint(5, 40))
        reported = over + timedelta(hours=late or self.chance.uniform(0.5, 20))
        if fate < 0.1:
            unplanned = {k: v for k, v in told.items() if k != "own_side"} | {"debrief": said}
            return self._known((reported, "record_held", unplanned))
        planned = starts - timedelta(days=self.chance.uniform(2, 18))
        if fate < 0.22:
            called_off = starts - timedelta(hours=self.chance.uniform(1, 30))
            return self._known((planned, "create", told), (called_off, "cancel", self._off()))
        confirmed = starts - timedelta(hours=self.chance.uniform(4, 44))
        begun = [
            (planned, "create", told),
            *self._approval(told, planned, confirmed),
            (confirmed, "confirm", {}),
        ]
        if fate < 0.25:
            return self._known(*begun)
        if fate < 0.33:
            return self._known(*begun, (over, "hold", {}))
        widened = reported + timedelta(days=self.chance.uniform(2, 9))
        closing = [(over, "hold", {}), (reported, "debrief", said)]
        if fate > 0.96 and (label := retold(self.writer)):
            closing.append((widened, "relabel", label))
        return self._known(*begun, *closing)

    def _to_come(self, told: Json, starts: datetime) -> Iterator[Act]:
        fate = self.chance.random()
        planned = self.now - timedelta(days=self.chance.uniform(0.1, 12))
        if fate < 0.25:
            return self._known((planned, "create", told | {"status": "proposed"}))
        then = planned + (self.now - planned) * self.chance.uniform(0.2, 0.9)
        if fate < 0.6:
            return self._known((planned, "create", told))
        if fate < 0.9:
            approval = self._approval(told, planned, then)
            return self._known((planned, "create", told), *approval, (then, "confirm", {}))
        return self._known((planned, "create", told), (then, "cancel", self._off()))

    def _approval(
        self, told: Json, planned: datetime, confirmed: datetime
    ) -> list[tuple[datetime, str, Json]]:
        """Where the mission asks for it: by a second person, half-way between the two."""
        approved = planned + (confirmed - planned) / 2
        return [(approved, "approve", {})] if told["type"] in self.cast.needs_approval else []

    def _known(self, *steps: tuple[datetime, str, Json]) -> Iterator[Act]:
        """What has been recorded by now; later steps have not happened yet."""
        for at, action, body in steps:
            if at <= self.now:
                moment = at.replace(microsecond=0)
                yield Act(moment, self.writer.organisation, self.number, action, body)

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
