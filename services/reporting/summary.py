"""Today's numbers: each is the count of exactly the list it links to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.reporting.filters import Filters, read_filters
from shared.ids import RecordId
from shared.policy import Policy

LATEST = 8
WEEK_DAYS = 7
LATEST_FILTERS = Filters(kind=("engagement",))

Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Number:
    """`query`: the parameters of the list that is counted."""

    key: str
    query: Query

    @property
    def filters(self) -> Filters:
        return read_filters(self.query)


def numbers(now: datetime, policy: Policy, owner: RecordId) -> Iterator[Number]:
    """What Today counts at `now` (UTC) for somebody of `owner`, who reviews that organisation's labels."""
    today = now.date()
    engagements = {"kind": "engagement"}
    yield Number(
        "engagements_today",
        engagements | {"from": today.isoformat(), "to": today.isoformat()},
    )
    week_end = today + timedelta(days=WEEK_DAYS - 1)
    yield Number(
        "engagements_week",
        engagements | {"from": today.isoformat(), "to": week_end.isoformat()},
    )
    due = now - timedelta(hours=policy.clocks["debrief_hours"])
    yield Number("debriefs_due", engagements | {"status": "held", "to": _minute(due)})
    soon = now + timedelta(hours=policy.clocks["confirm_before_hours"])
    yield Number(
        "unconfirmed_soon",
        engagements | {"status": "planned", "from": _minute(now), "to": _minute(soon)},
    )
    yield Number("commitments_overdue", {"kind": "commitment", "overdue": "true"})
    yield Number("unplaced", engagements | {"placed": "false"})
    reviewed = {"review_by": today.isoformat(), "owner": str(owner)}
    yield Number("reviews_due", reviewed)
    yield Number("organisations", {"kind": "organisation", "status": "active"})


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")
