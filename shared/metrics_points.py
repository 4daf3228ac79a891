"""A service's standing and health as points of instruments. The names dashboards and alerts go by."""

from collections.abc import Iterator, Mapping

from shared.health import OK, Finding
from shared.metrics import Instrument, Point, Shape
from shared.standing import (
    AppendStanding,
    ChainStanding,
    ProjectionStanding,
    RebuildStanding,
    Standing,
)

LEVEL, TOTAL = Shape.LEVEL, Shape.TOTAL
EVENTS = "{event}"

CHECK = Instrument("parley.check.ok", "1", LEVEL, "Whether a check of health passes: 1 or 0.")
EPOCH = Instrument("parley.chain.epoch", "1", LEVEL, "Epoch of the last event.")
POSITION = Instrument("parley.chain.position", EVENTS, LEVEL, "Position of the last event.")
RELAY_LAG = Instrument("parley.relay.lag", EVENTS, LEVEL, "Events the stream does not hold yet.")
STREAM = Instrument("parley.stream.state", "1", LEVEL, "1 for the state the stream is in.")
AUDITED = Instrument(
    "parley.audit.position", EVENTS, LEVEL, "How far stream and store were compared."
)
REFILLS = Instrument("parley.stream.refills", "1", TOTAL, "Times the stream was filled anew.")
APPENDS = Instrument("parley.append.appends", "{append}", TOTAL, "Appends since the process began.")
BATCHES = Instrument("parley.append.batches", "{batch}", TOTAL, "Batches they were carried in.")
REFUSED = Instrument("parley.append.refused", "{append}", TOTAL, "Appends a full queue refused.")
QUEUED = Instrument("parley.append.queue", "{append}", LEVEL, "Appends that wait.")
CHECKPOINT = Instrument("parley.projection.position", EVENTS, LEVEL, "Last event taken in.")
BEHIND = Instrument("parley.projection.lag", EVENTS, LEVEL, "Events not taken in yet.")
PARKED = Instrument("parley.projection.parked", "1", LEVEL, "1 while it stands before an event.")
REBUILT = Instrument("parley.rebuild.position", EVENTS, LEVEL, "Last event built anew.")
TO_REBUILD = Instrument("parley.rebuild.target", EVENTS, LEVEL, "Where a rebuild is to end.")
SUBSCRIBERS = Instrument(
    "parley.feed.subscribers", "{stream}", LEVEL, "Feeds and pages that listen."
)


def points_of(standing: Standing) -> Iterator[Point]:
    if standing.chain:
        yield from _of_chain(standing.chain)
    if standing.appender:
        yield from _of_appender(standing.appender)
    for projection in standing.projections:
        yield from _of_projection(projection)
    for rebuild in standing.rebuilds:
        yield from _of_rebuild(rebuild)
    if standing.subscribers is not None:
        yield Point(SUBSCRIBERS, standing.subscribers)


def points_of_checks(found: Mapping[str, Finding]) -> Iterator[Point]:
    for name, finding in found.items():
        yield Point(CHECK, int(finding.code == OK), {"check": name})


def _of_chain(chain: ChainStanding) -> Iterator[Point]:
    yield Point(EPOCH, chain.epoch)
    yield Point(POSITION, chain.position)
    yield Point(STREAM, 1, {"state": chain.stream})
    yield Point(REFILLS, chain.refills)
    if chain.lag is not None:
        yield Point(RELAY_LAG, chain.lag)
    if chain.audited is not None:
        yield Point(AUDITED, chain.audited)


def _of_appender(appender: AppendStanding) -> Iterator[Point]:
    yield Point(APPENDS, appender.appends)
    yield Point(BATCHES, appender.batches)
    yield Point(REFUSED, appender.refused)
    yield Point(QUEUED, appender.queued)


def _of_projection(projection: ProjectionStanding) -> Iterator[Point]:
    named = {"projection": projection.name, "source": projection.source}
    yield Point(CHECKPOINT, projection.position, named)
    yield Point(PARKED, int(bool(projection.parked)), named)
    if projection.behind is not None:
        yield Point(BEHIND, projection.behind, named)


def _of_rebuild(rebuild: RebuildStanding) -> Iterator[Point]:
    named = {"generation": str(rebuild.generation), "source": rebuild.source}
    yield Point(REBUILT, rebuild.position, named)
    yield Point(TO_REBUILD, rebuild.target, named)
