"""Cut the packaged basemap from a full one: sharp where missions are, coarse elsewhere.

    python deploy/basemap/cut.py FULL.topo.json services/gateway/web/static/basemap/basemap.topo.json

Borders become an object of their own (`borders`, with the two countries' codes), so that a mission's
setting can dash or leave out one line without touching the polygons. Topology is kept: each arc is
simplified alone and its ends never move.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Geometry = dict[str, Any]  # Any: TopoJSON
Lines = Sequence[Geometry | None]
Arc = list[tuple[int, int]]

REGIONS = ((14.0, -7.0, 56.0, 24.0), (15.0, 39.0, 25.0, 47.0))
SHARP_DEGREES, COARSE_DEGREES = 0.012, 0.2
SPECK_SQUARE_DEGREES = 0.6
LAKE_SQUARE_DEGREES = 0.02
CODES = {
    "S. Sudan": "SSD", "Sudan": "SDN", "Ethiopia": "ETH", "Kenya": "KEN", "Uganda": "UGA",
    "Dem. Rep. Congo": "COD", "Central African Rep.": "CAF", "Chad": "TCD", "Eritrea": "ERI",
    "Djibouti": "DJI", "Somalia": "SOM", "Somaliland": "SOL", "Rwanda": "RWA", "Burundi": "BDI",
    "Tanzania": "TZA", "Egypt": "EGY", "Libya": "LBY", "Saudi Arabia": "SAU", "Yemen": "YEM",
    "Cameroon": "CMR", "Congo": "COG", "Kosovo": "KOS", "Serbia": "SRB", "Albania": "ALB",
    "Macedonia": "MKD", "Montenegro": "MNE", "Bosnia and Herz.": "BIH", "Croatia": "HRV",
    "Bulgaria": "BGR", "Greece": "GRC", "Romania": "ROU", "Hungary": "HUN", "Morocco": "MAR",
    "W. Sahara": "ESH",
}  # fmt: skip
STATES = {"SDS": "SSD", "SOM": "SOM", "SOL": "SOM", "KOS": "KOS"}
TOWNS = {"SS", "SD", "SO", "XK", "ET", "KE", "UG", "CD", "CF", "RS", "AL", "ME", "MK", "DJ", "ER"}


class Cutter:
    """Reads arcs of the full map and collects those the cut keeps, renumbered."""

    def __init__(self, full: dict[str, Any]) -> None:  # Any: TopoJSON
        self.scale, self.shift = full["transform"]["scale"], full["transform"]["translate"]
        self.arcs = [_absolute(arc) for arc in full["arcs"]]
        self.kept: dict[int, int] = {}
        self.out: list[Arc] = []

    def degrees(self, point: tuple[int, int]) -> tuple[float, float]:
        return (
            point[0] * self.scale[0] + self.shift[0],
            point[1] * self.scale[1] + self.shift[1],
        )

    def near(self, number: int) -> bool:
        points = [self.degrees(p) for p in self.arcs[number if number >= 0 else ~number]]
        return any(w <= x <= e and s <= y <= n for x, y in points for w, s, e, n in REGIONS)

    def keep(self, number: int) -> int:
        index = number if number >= 0 else ~number
        if index not in self.kept:
            tolerance = SHARP_DEGREES if self.near(index) else COARSE_DEGREES
            self.kept[index] = len(self.out)
            self.out.append(self._simpler(self.arcs[index], tolerance))
        return self.kept[index] if number >= 0 else ~self.kept[index]

    def ring(self, arcs: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in arcs:
            arc = self.arcs[number if number >= 0 else ~number]
            points += [self.degrees(p) for p in (arc if number >= 0 else arc[::-1])]
        return points

    def _simpler(self, arc: Arc, tolerance: float) -> Arc:
        degrees = [self.degrees(point) for point in arc]
        chosen = {0, len(arc) - 1}
        spans = [(0, len(arc) - 1)]
        while spans:
            first, last = spans.pop()
            far, index = _farthest(degrees, first, last)
            if far > tolerance:
                chosen.add(index)
                spans += [(first, index), (index, last)]
        if arc[0] == arc[-1] and len(chosen) < 4:
            chosen |= {len(arc) // 3, 2 * len(arc) // 3}
        return [arc[i] for i in sorted(chosen)]


def cut(full: dict[str, Any]) -> dict[str, Any]:  # Any: TopoJSON
    cutter, objects = Cutter(full), full["objects"]
    countries = [
        g for g in objects["countries"]["geometries"] if g["properties"]["name"] != "Antarctica"
    ]
    result: dict[str, Lines] = {
        "land": [_land(cutter, country) for country in countries],
        "borders": _shared(cutter, countries, lambda p: CODES.get(p["name"], "")),
        "states": _states(cutter, objects["adm1_raw"]["geometries"]),
        "rivers": _lines(cutter, objects["riv"]["geometries"]),
        "lakes": [_lake(cutter, g) for g in objects["lak"]["geometries"]],
        "towns": [
            _town(g) for g in objects["places"]["geometries"] if g["properties"]["a"] in TOWNS
        ],
        "names": [
            *_names(cutter, countries),
            *_state_names(cutter, objects["adm1_raw"]["geometries"]),
        ],
    }
    return {
        "type": "Topology",
        "transform": full["transform"],
        "objects": {
            name: {"type": "GeometryCollection", "geometries": [g for g in found if g]}
            for name, found in result.items()
        },
        "arcs": [_relative(arc) for arc in cutter.out],
    }


def _land(cutter: Cutter, country: Geometry) -> Geometry | None:
    return _polygon(cutter, country, {"code": CODES.get(country["properties"]["name"], "")})


def _lake(cutter: Cutter, geometry: Geometry) -> Geometry | None:
    big = _area_of(cutter, geometry) > LAKE_SQUARE_DEGREES
    return (
        _polygon(cutter, geometry, {})
        if big and any(map(cutter.near, _numbers(geometry)))
        else None
    )


def _polygon(cutter: Cutter, geometry: Geometry, properties: dict[str, str]) -> Geometry | None:
    parts = [
        [[cutter.keep(number) for number in ring] for ring in part]
        for part in _parts(geometry)
        if any(map(cutter.near, part[0])) or _area(cutter.ring(part[0])) > SPECK_SQUARE_DEGREES
    ]
    return {"type": "MultiPolygon", "arcs": parts, "properties": properties} if parts else None


def _shared(
    cutter: Cutter, geometries: list[Geometry], code: Callable[[dict[str, str]], str]
) -> Lines:
    """One line per pair of neighbours: the arcs both use."""
    users: dict[int, set[str]] = defaultdict(set)
    for place, geometry in enumerate(geometries):
        for number in _numbers(geometry):
            users[number if number >= 0 else ~number].add(f"{place}:{code(geometry['properties'])}")
    lines: dict[str, list[list[int]]] = defaultdict(list)
    for number, pair in users.items():
        if len(pair) == 2:
            lines["-".join(sorted(one.split(":")[1] for one in pair))].append([cutter.keep(number)])
    return [
        {"type": "MultiLineString", "arcs": arcs, "properties": {"pair": pair}}
        for pair, arcs in lines.items()
    ]


def _states(cutter: Cutter, geometries: list[Geometry]) -> Lines:
    ours = [g for g in geometries if g["properties"]["a"] in STATES]
    return _shared(cutter, ours, lambda p: STATES[p["a"]])


def _lines(cutter: Cutter, geometries: list[Geometry]) -> Lines:
    return [
        {
            "type": "LineString",
            "arcs": [cutter.keep(number) for number in g["arcs"]],
            "properties": {"rank": g["properties"]["min_zoom"]},
        }
        for g in geometries
        if g["type"] == "LineString" and any(map(cutter.near, g["arcs"]))
    ]


def _town(geometry: Geometry) -> Geometry:
    properties = geometry["properties"]
    kept = {"name": properties["n"], "people": properties["p"]}
    return {"type": "Point", "coordinates": geometry["coordinates"], "properties": kept}


def _names(cutter: Cutter, countries: list[Geometry]) -> Iterator[Geometry]:
    for country in countries:
        code = CODES.get(country["properties"]["name"])
        if code:
            yield _name(cutter, country, {"code": code, "rank": "country"})


def _state_names(cutter: Cutter, geometries: list[Geometry]) -> Iterator[Geometry]:
    for geometry in geometries:
        properties = geometry["properties"]
        if properties["a"] in ("SDS", "SOM", "SOL"):
            yield _name(cutter, geometry, {"name": properties["n"], "rank": "state"})


def _name(cutter: Cutter, geometry: Geometry, properties: dict[str, str]) -> Geometry:
    ring = max((cutter.ring(part[0]) for part in _parts(geometry)), key=_area)
    x = sum(point[0] for point in ring) / len(ring)
    y = sum(point[1] for point in ring) / len(ring)
    at = [
        round((x - cutter.shift[0]) / cutter.scale[0]),
        round((y - cutter.shift[1]) / cutter.scale[1]),
    ]
    return {"type": "Point", "coordinates": at, "properties": properties}


def _parts(geometry: Geometry) -> list[list[list[int]]]:
    arcs: Any = geometry["arcs"]  # Any: depth differs by type
    return arcs if geometry["type"] == "MultiPolygon" else [arcs]


def _numbers(geometry: Geometry) -> list[int]:
    return [number for part in _parts(geometry) for ring in part for number in ring]


def _area_of(cutter: Cutter, geometry: Geometry) -> float:
    return max(_area(cutter.ring(part[0])) for part in _parts(geometry))


def _area(ring: list[tuple[float, float]]) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _farthest(points: list[tuple[float, float]], first: int, last: int) -> tuple[float, int]:
    found = (0.0, first)
    for index in range(first + 1, last):
        found = max(found, (_distance(points[index], points[first], points[last]), index))
    return found


def _distance(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length)) if length else 0.0
    return math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)


def _absolute(arc: list[list[int]]) -> Arc:
    x = y = 0
    points: Arc = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def _relative(arc: Arc) -> list[list[int]]:
    before, steps = (0, 0), []
    for point in arc:
        steps.append([point[0] - before[0], point[1] - before[1]])
        before = point
    return steps


if __name__ == "__main__":
    made = cut(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    Path(sys.argv[2]).write_text(
        json.dumps(made, separators=(",", ":"), ensure_ascii=False), "utf-8"
    )
