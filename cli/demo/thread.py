"""The story a visitor can follow (docs/tour.md): the market road of Malakal, told by the liaison branch.

A meeting three weeks ago led to three promises; what became of them, and what is on for today and
tomorrow, is what the tour shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.demo.accounts import approver, loader
from cli.demo.acts import MADE, Act, Json
from cli.demo.composing import Cast

US, COUNCIL, HEADQUARTERS = "military-component", "malakal-town-council", "mission-headquarters"
OTHER_SIDE, RADIO = "eastern-front", "radio-sobat"
MALAKAL = "SS0707"
PROMISES = frozenset({"t-patrol", "t-culvert", "t-lamps"})
SERIES = "Weekly security coordination, Malakal"
SHARED = {"level": "unclassified", "releasable_to": [["mil", "mission", "un", "local"]]}
INSIDE = {"level": "unclassified", "releasable_to": [["mil", "mission"]]}


def thread(cast: Cast, now: datetime) -> list[Act]:
    """All of it that has happened by `now`."""
    told = _Thread(cast, now)
    acts = [*told.market_road(), *told.promises(), *told.weekly(), *told.ahead()]
    return [act for act in acts if act.at <= now]


@dataclass(frozen=True, slots=True)
class _Thread:
    cast: Cast
    now: datetime

    def market_road(self) -> Iterator[Act]:
        """Three weeks ago: what was agreed."""
        starts = self._at(-21, 8)
        body = self._meeting(
            "community_meeting", "Market road: safety and opening hours", COUNCIL, starts
        )
        body["participants"].append(
            {"side": "counterpart", "person_id": self.cast.ids["bol-abienyo"]}
        )
        yield self._act(self._at(-26, 7), "t-road", "create", body | {"label": SHARED})
        yield self._act(self._at(-23, 7), "t-road", "confirm", {})
        yield self._act(self._at(-21, 10), "t-road", "hold", {})
        said = {
            "summary": "Traders and women of the market named the two stretches they avoid after four. The "
            "commissioner wants the road open before the feast and offered his own workers.",
            "outcomes": "Patrols at the hours people walk; culvert and market gate are the council's.",
            "next_steps": "Walk the road together in two weeks.",
            "atmosphere": "positive",
            "statements": [
                {
                    "side": "counterpart",
                    "text": "The culvert will be clear before the next market day.",
                    "grade": {"reliability": "B", "credibility": "2"},
                }
            ],
        }
        yield self._act(self._at(-21, 12), "t-road", "debrief", said)

    def promises(self) -> Iterator[Act]:
        """One kept and acknowledged, one overdue and disputed, one on its way."""
        council = {"organisation_id": self.cast.ids[COUNCIL]}
        patrol = self._promise(
            "by_us", "Patrol the market road at the hours people walk", "to", council, -7
        )
        yield self._act(self._at(-21, 13), "t-patrol", "create", patrol)
        yield self._act(self._at(-20, 8), "t-patrol", "accept", {})
        yield self._act(self._at(-14, 8), "t-patrol", "progress", {"progress": 2})
        said = {"note": "The patrols are seen every day."}
        yield self._act(self._at(-8, 9), "t-patrol", "acknowledge", said, by=loader(COUNCIL))
        kept = {"evidence": "Patrol log of two weeks, hours agreed with the traders."}
        yield self._act(self._at(-8, 12), "t-patrol", "keep", kept)
        culvert = self._promise(
            "to_us", "Clear the culvert at the second bridge", "by", council, -3
        )
        yield self._act(self._at(-21, 13), "t-culvert", "create", culvert)
        disputed = {"text": "The culvert belongs to the state, not to the town."}
        yield self._act(self._at(-2, 10), "t-culvert", "dispute", disputed, by=loader(COUNCIL))
        lamps = self._promise("by_us", "Two lamps at the landing", "to", council, 4)
        yield self._act(self._at(-21, 13), "t-lamps", "create", lamps)
        yield self._act(self._at(-5, 9), "t-lamps", "progress", {"progress": 1, "note": "Ordered."})

    def weekly(self) -> Iterator[Act]:
        """A series; today's meeting was held this morning and waits for its debrief."""
        today = self.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
        for week in (4, 3, 2, 1, 0):
            subject, starts = f"t-weekly{week}", today - timedelta(weeks=week)
            over = starts + timedelta(minutes=70)
            body = self._meeting("coordination_meeting", SERIES, COUNCIL, starts)
            body |= {"series": SERIES, "label": SHARED}
            yield self._act(starts - timedelta(days=3), subject, "create", body)
            yield self._act(starts - timedelta(days=1), subject, "confirm", {})
            yield self._act(over, subject, "hold", {})
            if week:
                summary = "The week's list was gone through; nothing new on the road."
                said = {"summary": summary, "atmosphere": "neutral"}
                yield self._act(over + timedelta(hours=1), subject, "debrief", said)

    def ahead(self) -> Iterator[Act]:
        """Tomorrow's key leader engagement waits for approval; headquarters meets the same man."""
        starts = self._at(1, 9)
        body = self._meeting(
            "key_leader_engagement", "School compound: the written answer", OTHER_SIDE, starts
        )
        body["participants"].append(
            {"side": "counterpart", "person_id": self.cast.ids["adut-wolmarik"]}
        )
        body["own_side"] = {
            "talking_points": ["The answer was promised within ten days; it is the fourteenth."],
            "red_lines": ["No photograph of the compound is handed over."],
        }
        yield self._act(self._at(-2, 8), "t-compound", "create", body | {"label": INSIDE})
        theirs = self._meeting(
            "courtesy_call", "Courtesy call before the leave of the Head of Mission", OTHER_SIDE,
            self._at(2, 8), organisation=HEADQUARTERS,
        )  # fmt: skip
        yield self._act(
            self._at(-1, 9),
            "t-courtesy",
            "create",
            theirs | {"label": INSIDE},
            by=loader(HEADQUARTERS),
        )
        radio = self._meeting(
            "media_engagement", "Radio hour: the market road", RADIO, self._at(3, 14)
        )
        yield self._act(self._at(-4, 9), "t-radio", "create", radio | {"label": SHARED})
        yield self._act(self._at(-3, 9), "t-radio", "approve", {}, by=approver(US))
        reason = {"reason": "The station's transmitter is being repaired."}
        yield self._act(self._at(-1, 15), "t-radio", "postpone", reason)

    def _meeting(
        self, kind: str, purpose: str, whom: str, starts: datetime, *, organisation: str = US
    ) -> Json:
        ids = self.cast.ids
        return {
            "type": kind,
            "purpose": purpose,
            "starts_at": starts.isoformat(),
            "duration_minutes": 60,
            "place": {"place_id": ids[MALAKAL]},
            "participants": [
                {"side": "ours", "organisation_id": ids[organisation]},
                {"side": "counterpart", "organisation_id": ids[whom]},
            ],
            "language": "en",
        }

    def _promise(self, direction: str, what: str, side: str, whom: Json, due_in_days: int) -> Json:
        return {
            "direction": direction,
            "what": what,
            side: whom,
            "due_at": self._at(due_in_days, 13).isoformat(),
            "formality": "minuted",
            "engagement_id": f"{MADE}t-road",
            "label": SHARED,
        }

    def _act(
        self, at: datetime, subject: str, action: str, body: Json, by: str = loader(US)
    ) -> Act:
        plural = "commitments" if subject in PROMISES else "engagements"
        return Act(at, by, plural, subject, action, body)

    def _at(self, days: int, hour: int) -> datetime:
        """`days` from today, at `hour` UTC."""
        day = self.now + timedelta(days=days)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)
