"""Talks of which not everybody is told exactly when and where, and all that a reader gets at."""

from datetime import UTC, datetime
from typing import Any

from services.reporting.filters import Filters
from services.reporting.queries.changes import changes_after, heads
from services.reporting.queries.history import history_of
from shared.contracts.contacts import PlaceLevel, PlaceRegistered
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.principal import Principal
from shared.projection import Checkpoint
from shared.values import Name, Place, Point, Precision, When
from tests.service.reporting_world import (
    ALL,
    MIL,
    NINE,
    World,
    open_to,
    planned,
    reader,
)

SOLDIER, AGENCY = reader("mil"), reader("un")
BOTH = open_to("mil", "un")
DISTRICT = Point(lat=9.5, lon=31.5)
CAMP_ID = RecordId.new(Kind.PLACE)
CAMP = Place(
    text="Hidden Camp", place_id=CAMP_ID, area="SS080103",
    point=Point(lat=9.61, lon=31.72), precision=Precision.SETTLEMENT,
)  # fmt: skip
ENGAGEMENTS = Filters(kind=("engagement",))
DAY = "2030-01-02T00:00:00Z"
LATER = datetime(2030, 1, 2, 15, tzinfo=UTC)
Json = dict[str, Any]  # Any: JSON


async def begun(world: World) -> RecordId:
    """Talks in a district of the gazetteer."""
    district = PlaceRegistered(
        name=Name(text="Malakal"), level=PlaceLevel.ADMIN2, pcode="SS0801", area="SS0801",
        point=DISTRICT, precision=Precision.DISTRICT, labels={Group.BASE: to_json(ALL)},
    )  # fmt: skip
    await world.append(Kind.PLACE, district)
    talks = await world.append(Kind.ENGAGEMENT, exact("Talks"))
    await world.catch_up()
    return talks


def exact(purpose: str, starts_at: datetime = NINE) -> Any:
    """Both read it; where and when exactly, the military alone."""
    labelled = planned(purpose, BOTH)
    finer = {Group.PLACE: to_json(MIL), Group.TIME: to_json(MIL)}
    told = {
        "place": CAMP,
        "when": When.lasting(starts_at, 60),
        "labels": {**labelled.labels, **finer},  # type: ignore[attr-defined] # it has labels
    }
    return labelled.model_copy(update=told)


async def told(world: World, principal: Principal, record: RecordId) -> tuple[Json, Any, Any]:
    """The view, the history and the feed of a record; without the number of events, which stays inside."""
    view = await world.see(principal, record)
    async with world.snapshot(principal) as snapshot:
        past = [dict(row) for row in await history_of(snapshot, str(record))]
        head = (await heads(snapshot))["engagements"]
        start = Checkpoint(head.epoch, 0)
        feed = await changes_after(snapshot, "engagements", start, head, 100)
    shown = {name: value for name, value in view.items() if name != "source_version"}
    return shown, past, [dict(row) for row in feed.rows]


async def everything(world: World, principal: Any, record: RecordId) -> list[Any]:
    """Every version of the record, and all that is kept of its past, as this reader gets at it."""
    async with world.snapshot(principal) as snapshot:
        found = []
        for table in ("versions", "records_past", "portions_past"):
            found += await snapshot.connection.fetch(
                f"select * from {table} where record_id = $1",  # noqa: S608 - our own names
                str(record),
            )
    clocks = ("recorded_at", "updated_at", "known_until")
    return [{name: row[name] for name in row.keys() - set(clocks)} for row in map(dict, found)]
