"""What the map tells does not depend on the order in which rows, hidden ones among them, are stored."""

from services.reporting.filters import Filters
from services.reporting.queries.points import points_on_map
from services.reporting.shown import feature
from shared.ids import Kind
from shared.values import Point
from tests.service.reporting_world import ALL, MALAKAL, MIL, UN, open_world, planned, reader

# Added up as floats their mean depends on which comes first.
LATITUDES = (9.01, 9.08, 9.29)
ZOOM = 5


async def test_a_clusters_middle_is_the_same_in_whatever_order_its_records_are_stored(
    postgres, layout
) -> None:
    assert sum(LATITUDES) / 3 != sum(reversed(LATITUDES)) / 3
    async with open_world(postgres, layout) as world:
        for label, latitudes in ((MIL, LATITUDES), (UN, reversed(LATITUDES))):
            for lat in latitudes:
                place = MALAKAL.model_copy(update={"point": Point(lat=lat, lon=31.6)})
                await world.append(Kind.ENGAGEMENT, planned(base=label, place=place))
        await world.catch_up()
        middles = set()
        for community in ("mil", "un"):
            async with world.snapshot(reader(community)) as snapshot:
                (cluster,) = await points_on_map(snapshot, Filters(), ZOOM)
                middles.add((cluster["count"], cluster["lat"]))
    assert len(middles) == 1


async def test_a_clusters_labels_are_told_alike_however_labels_are_numbered(
    postgres, layout
) -> None:
    told = []
    for first_labels in ((MIL, ALL), (ALL, MIL)):
        async with open_world(postgres, layout) as world:
            for label in first_labels:
                await world.append(Kind.ENGAGEMENT, planned(base=label, place=MALAKAL))
                await world.catch_up()
            async with world.snapshot(reader("mil")) as snapshot:
                (cluster,) = await points_on_map(snapshot, Filters(), ZOOM)
                told.append(feature(cluster, world.views)["properties"]["labels"])
    assert told[0] == told[1]
