"""Points in Prometheus' text format, version 0.0.4, with names as OpenTelemetry's specification maps them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from shared.metrics import BOUNDS, Instrument, Point, Shape, Spread

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_TYPES = {Shape.TOTAL: "counter", Shape.LEVEL: "gauge", Shape.SPREAD: "histogram"}
_UNITS = {"s": "_seconds"}


def as_text(points: Iterable[Point]) -> str:
    """One family after the other; each instrument's points together."""
    families: dict[Instrument, list[Point]] = {}
    for point in points:
        families.setdefault(point.instrument, []).append(point)
    lines = [line for one, held in families.items() for line in _family(one, held)]
    return "\n".join([*lines, ""])


def text_name(instrument: Instrument) -> str:
    """What Prometheus calls it."""
    plain = _plain(instrument.name) + _UNITS.get(instrument.unit, "")
    return plain + ("_total" if instrument.shape is Shape.TOTAL else "")


def _family(instrument: Instrument, points: list[Point]) -> Iterator[str]:
    name = text_name(instrument)
    yield f"# HELP {name} {instrument.what}"
    yield f"# TYPE {name} {_TYPES[instrument.shape]}"
    for point in points:
        if isinstance(point.value, Spread):
            yield from _spread(name, point.attributes, point.value)
        else:
            yield f"{name}{_labels(point.attributes)} {point.value!r}"


def _spread(name: str, attributes: Mapping[str, str], spread: Spread) -> Iterator[str]:
    below = 0
    for bound, count in zip((*map("{:g}".format, BOUNDS), "+Inf"), spread.counts, strict=True):
        below += count
        yield f"{name}_bucket{_labels({**attributes, 'le': bound})} {below}"
    yield f"{name}_sum{_labels(attributes)} {spread.total!r}"
    yield f"{name}_count{_labels(attributes)} {below}"


def _labels(attributes: Mapping[str, str]) -> str:
    told = ",".join(f'{_plain(name)}="{_escaped(value)}"' for name, value in attributes.items())
    return f"{{{told}}}" if told else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
