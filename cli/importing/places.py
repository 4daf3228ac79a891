"""Places from a table: a gazetteer, a list of p-codes, or the place columns of an HXL file."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from babel import Locale

from shared.contracts.contacts import PlaceLevel
from shared.importing.columns import Mapped, map_columns, plain, split_names
from shared.importing.identifying import checked
from shared.importing.plan import Item, Json, Plan, UnreadableFileError, Wishes
from shared.importing.tables import Row, Table
from shared.values import Precision

PCODE_SYSTEM = "pcode"

# What files call a level -> the level.
LEVELS: Mapping[str, PlaceLevel] = {
    "0": PlaceLevel.COUNTRY,
    "1": PlaceLevel.ADMIN1,
    "2": PlaceLevel.ADMIN2,
    "3": PlaceLevel.ADMIN3,
    "adm0": PlaceLevel.COUNTRY,
    "adm1": PlaceLevel.ADMIN1,
    "adm2": PlaceLevel.ADMIN2,
    "adm3": PlaceLevel.ADMIN3,
    "region": PlaceLevel.ADMIN1,
    "state": PlaceLevel.ADMIN1,
    "province": PlaceLevel.ADMIN1,
    "district": PlaceLevel.ADMIN2,
    "county": PlaceLevel.ADMIN2,
    "unclassified": PlaceLevel.SITE,
    "town": PlaceLevel.SETTLEMENT,
    "village": PlaceLevel.SETTLEMENT,
} | {plain(level): level for level in PlaceLevel}

# A list's point stands for the whole area: how exact that is, by level.
PRECISIONS: Mapping[PlaceLevel, Precision] = {
    PlaceLevel.COUNTRY: Precision.COUNTRY,
    PlaceLevel.ADMIN1: Precision.PROVINCE,
    PlaceLevel.ADMIN2: Precision.DISTRICT,
    PlaceLevel.ADMIN3: Precision.DISTRICT,
    PlaceLevel.SETTLEMENT: Precision.SETTLEMENT,
    PlaceLevel.SITE: Precision.NEAR,
}

_HEADERS = {
    "pcode": ("pcode", "admpcode", "adminpcode"),
    "name": ("name", "placename", "place", "nombre", "nom", "lugar", "lieu"),
    "level": ("level", "adminlevel", "type", "nivel", "niveau"),
    "parent": ("parentpcode", "parentid", "parent"),
    "country": ("location", "country", "iso3", "countrycode", "pais", "pays"),
    "aliases": ("alternativenames", "aliases", "synonyms", "alternatenames"),
    "lat": ("lat", "latitude", "latitud", "y"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "x"),
}
_DEEPEST_FIRST = (
    ("#loc", PlaceLevel.SETTLEMENT),
    ("#adm3", PlaceLevel.ADMIN3),
    ("#adm2", PlaceLevel.ADMIN2),
    ("#adm1", PlaceLevel.ADMIN1),
    ("#country", PlaceLevel.COUNTRY),
)
_POINT_TAGS = {
    "lat": (("#geo", frozenset({"lat"})),),
    "lon": (("#geo", frozenset({"lon"})),),
}


def places_of_table(table: Table, wishes: Wishes, system: str) -> Plan:
    """Raises UnreadableFileError when no column says how places are called."""
    level = _tagged_level(table)
    mapped = map_columns(table, _HEADERS, _tags(level), wishes)
    if "name" not in mapped.fields:
        raise UnreadableFileError("No column holds the places' names; say --column name=HEADER.")
    by_pcode = mapped.id_column is None and "pcode" in mapped.fields
    if by_pcode:
        mapped = replace(mapped, id_column=mapped.fields["pcode"])
    system = wishes.system or (PCODE_SYSTEM if by_pcode else system)
    items = [_of_row(mapped, row, level, system) for row in table.rows]
    kept, remarks = checked([*_countries(mapped, items, system), *items])
    return Plan("places", system, mapped.lines(), kept, remarks)


def source(system: str) -> Json:
    return {"text": f"Imported, ids of {system}", "lang": "en"}


def _tags(level: PlaceLevel | None) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Of an HXL file: the deepest tag names the place, the next one up its parent."""
    if level is None:
        return {}
    order = [tag for tag, _ in _DEEPEST_FIRST]
    at = next(n for n, (_, each) in enumerate(_DEEPEST_FIRST) if each is level)
    code = frozenset({"code"})
    return {
        "name": ((order[at], frozenset({"name"})), (order[at], frozenset())),
        "pcode": ((order[at], code),),
        "parent": tuple((tag, code) for tag in order[at + 1 :]),
        "country": (("#country", code),),
    } | _POINT_TAGS


def _tagged_level(table: Table) -> PlaceLevel | None:
    tags = {column.tag for column in table.columns}
    return next((level for tag, level in _DEEPEST_FIRST if tag in tags), None)


def _of_row(mapped: Mapped, row: Row, tagged: PlaceLevel | None, system: str) -> Item:
    level = tagged or LEVELS.get(plain(mapped.get(row, "level")), PlaceLevel.SITE)
    language = mapped.language("name")
    name: Json = {"text": mapped.get(row, "name")}
    body: Json = {
        "name": name | ({"lang": language} if language else {}),
        "alternative_names": [{"text": n} for n in split_names(mapped.get(row, "aliases"))],
        "level": level,
        "source": source(system),
    }
    if pcode := mapped.get(row, "pcode"):
        body["pcode"] = pcode
    if point := _point(mapped.get(row, "lat"), mapped.get(row, "lon")):
        body |= {"point": point, "precision": PRECISIONS[level]}
    return Item(mapped.key(row), f"line {row.line}", body, mapped.get(row, "parent") or None)


def _point(lat: str, lon: str) -> Json | None:
    try:
        point = {"lat": float(lat), "lon": float(lon)}
    except ValueError:
        return None
    return point if all(math.isfinite(each) for each in point.values()) else None


def _countries(mapped: Mapped, items: Sequence[Item], system: str) -> list[Item]:
    """Lists name the country of each row but have no row for it: made here, to be the parents."""
    keys = {item.key for item in items}
    found: dict[str, Item] = {}
    for row, item in zip(mapped.table.rows, items, strict=True):
        code = mapped.get(row, "country")
        if code and code == item.parent and code not in keys:
            found.setdefault(code, _country(code, item.key, system))
    return list(found.values())


def _country(code: str, pcode_inside: str, system: str) -> Item:
    """P-codes begin with their country's two letters, which have a name (CLDR)."""
    name = Locale("en").territories.get(pcode_inside[:2], code)
    body: Json = {
        "name": {"text": name, "lang": "en"},
        "alternative_names": [],
        "level": PlaceLevel.COUNTRY,
        "pcode": code,
        "source": source(system),
    }
    return Item(code, f"country {code}", body)
