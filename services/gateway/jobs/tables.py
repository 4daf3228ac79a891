"""Rows of a table as what the API takes. Pure.

Columns of organisations and people are understood by their HXL hashtags or usual names, as `./parley import`
does; any column of any kind by the path of a field, such as `place.name` or `label.releasable_to.0.0`.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.partner_api.kinds import KindApi
from shared.errors import FieldError, InvalidError
from shared.importing.columns import Mapped, plain
from shared.importing.organisations import organisation_columns, organisation_of
from shared.importing.people import people_columns, person_of
from shared.importing.plan import UnreadableFileError, Wishes
from shared.importing.tables import Column, Row, Table, columns_of, delimiter_of

PATH = re.compile(r"[a-z_]+(\.[a-z_]+|\.\d{1,2}){0,7}")
ID_HEADERS = ("externalid", "id")
ID_TAGS = (("#meta", "id"), ("#org", "code"))
# Who somebody belongs to is a record: a name alone is not led to one here.
NOT_TAKEN = frozenset({"organisation"})
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Known:
    """How a kind's columns are called elsewhere, and what a row of them says."""

    columns: Callable[[Table, Wishes], Mapped]
    body: Callable[[Mapped, Row], Json]


KNOWN: Mapping[str, Known] = {
    "organisations": Known(
        organisation_columns, lambda mapped, row: organisation_of(mapped, row).body
    ),
    "people": Known(people_columns, lambda mapped, row: person_of(mapped, row, "en").body),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What each column of a table is. `paths`: of fields, by the column's number."""

    mapped: Mapped
    known: Known | None
    paths: Mapping[int, tuple[str, ...]]
    id_column: int | None

    @property
    def used(self) -> list[tuple[str, str]]:
        """Columns as the file calls them, in its order, and the field each is taken for."""
        taken = {n: field for field, n in self.mapped.fields.items() if field not in NOT_TAKEN}
        taken |= {n: ".".join(path) for n, path in self.paths.items()}
        if self.id_column is not None:
            taken[self.id_column] = "external_id"
        return [(str(self.mapped.table.columns[n]), taken[n]) for n in sorted(taken)]

    @property
    def unused(self) -> list[str]:
        """Columns that say nothing to us, as the file calls them."""
        taken = {n for field, n in self.mapped.fields.items() if field not in NOT_TAKEN}
        used = {*taken, *self.paths, self.id_column}
        columns = self.mapped.table.columns
        return [str(column) for n, column in enumerate(columns) if n not in used and str(column)]

    def row(self, cells: Sequence[str]) -> tuple[str | None, Json]:
        """The row's own id, if it has one, and what it says."""
        row = Row(0, tuple(cells))
        body = self.known.body(self.mapped, row) if self.known else {}
        for number, path in self.paths.items():
            if cells[number].strip():
                _put(body, path, cells[number].strip())
        own = cells[self.id_column] if self.id_column is not None else ""
        return own or None, _listed(body)


def head_of(records: Sequence[tuple[int, str]]) -> tuple[str, list[Column], int]:
    """The delimiter, the columns, and how many of the first `records` lie above the rows.

    Raises InvalidError when there are none.
    """
    delimiter = delimiter_of("\n".join(text for _, text in records))
    try:
        lines = [Row(line, tuple(cells_of(text, delimiter))) for line, text in records]
        columns, above = columns_of(lines)
    except (csv.Error, UnreadableFileError) as wrong:
        raise InvalidError(f"The file is no table: {wrong}", code="not_a_table") from wrong
    return delimiter, columns, above


def understood(api: KindApi, columns: Sequence[Column]) -> Understood:
    """Raises InvalidError when not one column is."""
    table, known = Table(tuple(columns), ()), KNOWN.get(api.plural)
    mapped = known.columns(table, Wishes()) if known else Mapped(table, {}, None)
    if "name" not in mapped.fields:
        mapped, known = Mapped(table, {}, None), None
    taken = set(mapped.fields.values())
    own = mapped.fields.get("id", _id_column(columns))
    fields = api.creators[""].request.model_fields
    paths = {
        n: tuple(column.header.split("."))
        for n, column in enumerate(columns)
        if n not in taken and n != own and PATH.fullmatch(column.header)
        if column.header.split(".")[0] in fields
    }
    if not taken and not paths:
        detail = "Not one column is understood; the description says how they may be called."
        raise InvalidError(detail, code="not_a_table")
    return Understood(mapped, known, paths, own)


def cells_of(text: str, delimiter: str) -> list[str]:
    """Of one row. Raises csv.Error."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def fitted(cells: Sequence[str], width: int) -> list[str]:
    """One for each column. Raises InvalidError when something stands beside them."""
    if any(cell.strip() for cell in cells[width:]):
        detail = "The row has more cells than there are columns."
        raise InvalidError(detail, errors=(FieldError("", "too_many", detail),))
    return [*cells[:width], *[""] * (width - len(cells))]


def _id_column(columns: Sequence[Column]) -> int | None:
    for number, column in enumerate(columns):
        tagged = any(column.tag == tag and one in column.attributes for tag, one in ID_TAGS)
        if tagged or (not column.tag and plain(column.header) in ID_HEADERS):
            return number
    return None


def _put(body: Json, path: Sequence[str], value: str) -> None:
    """Lists are kept by their numbers until all cells are read."""
    at = body
    for segment in path[:-1]:
        found = at.get(segment)
        at[segment] = found if isinstance(found, dict) else {}
        at = at[segment]
    at[path[-1]] = value


def _listed(value: Any) -> Any:  # Any: JSON
    """With lists where a place has numbers for names, in their order."""
    if not isinstance(value, dict):
        return value
    told = {name: _listed(each) for name, each in value.items()}
    if told and all(name.isdecimal() for name in told):
        return [told[name] for name in sorted(told, key=int)]
    return told
