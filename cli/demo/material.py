"""The demo's material as data: organisations, counties, and what engagements are about."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from cli.importing.reading import read_plan
from deploy.local.layout import ROOT
from shared.contracts.contacts import OrganisationKind, PlaceLevel
from shared.contracts.engagements import DesiredEffect, EngagementType
from shared.importing.plan import Plan, Wishes
from shared.values import Name

FOLDER = ROOT / "deploy/demo"
PCODES = FOLDER / "data/pcodes_south_sudan_somalia.csv"
POINTS = FOLDER / "data/points.csv"
COUNTRY = "SSD"
LETTERS = "SS"
PRECISION = {PlaceLevel.ADMIN1: "province", PlaceLevel.ADMIN2: "district"}

Json = dict[str, Any]  # Any: JSON


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(_Data):
    """`audience`: communities it is releasable to; everyone when empty."""

    key: str
    name: str
    kind: OrganisationKind
    short_name: str | None = None
    aliases: tuple[Name, ...] = ()
    affiliation: str | None = None
    audience: tuple[str, ...] = ()


class Theme(_Data):
    """What a family of engagements is about, with the words for it. `met`: kinds of organisation."""

    types: tuple[EngagementType, ...]
    effect: DesiredEffect
    met: tuple[OrganisationKind, ...]
    language: str = "en"
    purposes: tuple[str, ...]
    summaries: tuple[str, ...]
    outcomes: tuple[str, ...]
    next_steps: tuple[str, ...]
    promises_by_us: tuple[str, ...]
    promises_to_us: tuple[str, ...]
    talking_points: tuple[str, ...] = ()
    do_not_say: tuple[str, ...] = ()
    red_lines: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Words(_Data):
    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
    ranks: tuple[str, ...]
    unplaced: tuple[str, ...]
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class County:
    pcode: str
    name: str
    lat: float
    lon: float


def organisations() -> tuple[Organisation, ...]:
    return tuple(Organisation.model_validate(o) for o in _toml("organisations")["organisations"])


def words() -> Words:
    return Words.model_validate(_toml("material"))


def places() -> Plan:
    """The country, its states and counties, parents named by p-code; points where one is known."""
    plan = read_plan(PCODES, "places", Wishes())
    points = _points()
    inside = [item for item in plan.items if item.key.startswith(LETTERS)]
    items = tuple(replace(i, body=i.body | _point(points, i.key, i.body["level"])) for i in inside)
    return replace(plan, items=items)


def counties() -> tuple[County, ...]:
    """Those whose point is known."""
    points = _points()
    found = [(i.key, i.body["name"]["text"]) for i in places().items if i.body["level"] == "admin2"]
    return tuple(County(key, name, *points[key]) for key, name in found if key in points)


def _point(points: Mapping[str, tuple[float, float]], key: str, level: str) -> Json:
    if key not in points:
        return {}
    lat, lon = points[key]
    return {"point": {"lat": lat, "lon": lon}, "precision": PRECISION[PlaceLevel(level)]}


def _points() -> dict[str, tuple[float, float]]:
    with POINTS.open(encoding="utf-8", newline="") as file:
        return {r["pcode"]: (float(r["lat"]), float(r["lon"])) for r in csv.DictReader(file)}


def _toml(name: str) -> dict[str, Any]:  # Any: TOML
    path: Path = FOLDER / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))
