"""Views as lines of a file: NDJSON, CSV, CSV with HXL hashtags. Pure; fed by views already filtered.

Every file says first how it is marked. What a spreadsheet would run as a formula is made words.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

import orjson

from services.gateway.jobs.marking import Marking
from services.gateway.partner_api.schemas import VIEWS
from services.gateway.partner_api.views import ALWAYS
from shared.ids import Kind

Json = Mapping[str, Any]  # Any: JSON of a view
Fields = frozenset[str] | None
Says = Callable[[Json], str]
BYTE_ORDER_MARK = "\ufeff"
# OWASP: cells that begin so are formulas to a spreadsheet.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# https://hxlstandard.org/standard/1-1final/dictionary/
HXL: Mapping[Kind, Mapping[str, str]] = {
    Kind.ORGANISATION: {
        "id": "#meta+id",
        "name": "#org+name",
        "short_name": "#org+acronym",
        "aliases": "#org+alt+list",
        "organisation_kind": "#org+type",
        "note": "#description",
        "updated_at": "#date+updated",
    },
    Kind.PLACE: {
        "id": "#meta+id",
        "name": "#loc+name",
        "alternative_names": "#loc+alt+list",
        "level": "#loc+type",
        "pcode": "#loc+code",
        "updated_at": "#date+updated",
    },
}


class FileFormat(StrEnum):
    NDJSON = auto()
    CSV = auto()
    HXL = auto()

    @property
    def media_type(self) -> str:
        return "application/x-ndjson" if self is FileFormat.NDJSON else "text/csv; charset=utf-8"

    @property
    def ending(self) -> str:
        return "ndjson" if self is FileFormat.NDJSON else "csv"


@dataclass(frozen=True, slots=True)
class Writer:
    """`head`: the lines before the first record."""

    head: Callable[[Marking], bytes]
    row: Callable[[Json], bytes]


def formats_of(kind: Kind) -> tuple[FileFormat, ...]:
    return tuple(one for one in FileFormat if one is not FileFormat.HXL or kind in HXL)


def writer(kind: Kind, wanted: FileFormat, fields: Fields, says: Says) -> Writer:
    """`says`: a label in words."""
    if wanted is FileFormat.NDJSON:
        return Writer(lambda marking: _json_head(kind, marking), _json_row)
    names = _columns(kind, fields)
    tags = [[HXL[kind].get(name, "") for name in names]] if wanted is FileFormat.HXL else []
    return Writer(
        lambda marking: _csv([[BYTE_ORDER_MARK + _first(marking)], names, *tags]),
        lambda view: _csv([[_cell(name, view.get(name), says) for name in names]]),
    )


def _json_head(kind: Kind, marking: Marking) -> bytes:
    told = {"marking": marking.words, "label": marking.wire, "kind": kind}
    return orjson.dumps(told | {"left_out": marking.left_out}) + b"\n"


def _json_row(view: Json) -> bytes:
    return orjson.dumps(view) + b"\n"


def _first(marking: Marking) -> str:
    if not marking.left_out:
        return marking.words
    return f"{marking.words} // {marking.left_out} under originator control are left out"


def _columns(kind: Kind, fields: Fields) -> list[str]:
    known = VIEWS[kind].model_fields
    return [name for name in known if fields is None or name in fields | ALWAYS]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def _cell(name: str, value: Any, says: Says) -> str:  # Any: JSON
    if name == "label" and value:
        return says(value)
    return harmless(_words(value))


def harmless(words: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{words}" if words.startswith(FORMULAS) else words


def _words(value: Any) -> str:  # Any: JSON
    match value:
        case None:
            return ""
        case str():
            return value
        case {"text": text, **rest} if rest.keys() <= {"lang", "script", "erased"}:
            return str(text or "")
        case [*items] if not any(_is_compound(item) for item in items):
            return " | ".join(_words(item) for item in items)
        case _:
            return orjson.dumps(value).decode()


def _is_compound(value: Any) -> bool:  # Any: JSON
    return isinstance(value, list) or (isinstance(value, dict) and "text" not in value)
