"""Points as OTLP has them, in JSON: `ExportMetricsServiceRequest` of the protocol, version 1."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.metrics import BOUNDS, Instrument, Point, Shape, Spread

Json = dict[str, Any]  # Any: JSON
CUMULATIVE = 2  # AggregationTemporality


def as_otlp(
    points: Iterable[Point], resource: Mapping[str, str], began_nanos: int, now_nanos: int
) -> Json:
    """One request body. Times are nanoseconds since 1970 UTC; `began`: when this process started counting."""
    times = {"startTimeUnixNano": str(began_nanos), "timeUnixNano": str(now_nanos)}
    families: dict[Instrument, list[Json]] = {}
    for point in points:
        families.setdefault(point.instrument, []).append(_value(point) | times)
    metrics = [_metric(instrument, held) for instrument, held in families.items()]
    scope = {"scope": {"name": "parley"}, "metrics": metrics}
    return {
        "resourceMetrics": [
            {"resource": {"attributes": _attributes(resource)}, "scopeMetrics": [scope]}
        ]
    }


def _metric(instrument: Instrument, points: list[Json]) -> Json:
    told = {
        "name": instrument.name,
        "unit": instrument.unit,
        "description": instrument.what,
    }
    match instrument.shape:
        case Shape.LEVEL:
            return told | {"gauge": {"dataPoints": points}}
        case Shape.TOTAL:
            counted = {"aggregationTemporality": CUMULATIVE, "isMonotonic": True}
            return told | {"sum": {"dataPoints": points, **counted}}
        case Shape.SPREAD:
            counted = {"aggregationTemporality": CUMULATIVE}
            return told | {"histogram": {"dataPoints": points, **counted}}


def _value(point: Point) -> Json:
    attributes = {"attributes": _attributes(point.attributes)}
    if not isinstance(point.value, Spread):
        return attributes | {"asDouble": float(point.value)}
    return attributes | {
        "count": str(point.value.count),
        "sum": point.value.total,
        "bucketCounts": [str(count) for count in point.value.counts],
        "explicitBounds": list(BOUNDS),
    }


def _attributes(of: Mapping[str, str]) -> list[Json]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in of.items()]
