"""Files as tables: CSV, CSV with HXL tags under one or more header rows, and JSON lists of objects."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared.importing.plan import UnreadableFileError

# How far down the tag row may stand (the HXL standard's own limit is 25 rows).
TAG_ROW_WITHIN = 25
TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*", re.IGNORECASE)
CELL_LIMIT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `tag` is its HXL hashtag, in lower case, "" without one."""

    header: str
    tag: str = ""
    attributes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        spelled = "+".join([self.tag, *sorted(self.attributes)])
        return f"{self.header} ({spelled})" if self.tag and self.header else self.header or spelled


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as they stand in the file, one for each column, and the line they stand in."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def csv_table(text: str) -> Table:
    """Raises UnreadableFileError when there is no header."""
    lines = [line for line in _lines(text) if any(cell.strip() for cell in line.cells)]
    columns, above = columns_of(lines)
    return _table(columns, lines[above:])


def columns_of(lines: Sequence[Row]) -> tuple[list[Column], int]:
    """The columns, and how many of `lines` lie above the rows. Raises UnreadableFileError without any."""
    if not lines:
        raise UnreadableFileError("The file is empty.")
    at = next((n for n, line in enumerate(lines[:TAG_ROW_WITHIN]) if _is_tags(line.cells)), None)
    if at is None:
        return [Column(cell.strip()) for cell in lines[0].cells], 1
    return [_tagged(lines[:at], n, tag) for n, tag in enumerate(lines[at].cells)], at + 1


def json_table(objects: Sequence[Any]) -> Table:  # Any: parsed JSON
    """Objects as rows; a list within an object becomes one cell, parted by "|"."""
    if not all(isinstance(each, dict) for each in objects):
        raise UnreadableFileError("The JSON list holds something that is not an object.")
    names = list(dict.fromkeys(name for each in objects for name in each))
    rows = [
        Row(number, tuple(_cell(each.get(name)) for name in names))
        for number, each in enumerate(objects, start=1)
    ]
    return Table(tuple(Column(name) for name in names), tuple(rows))


def delimiter_of(text: str) -> str:
    """The one that the first lines use most."""
    head = "".join(text.splitlines(keepends=True)[:TAG_ROW_WITHIN])
    return max(",;\t", key=head.count)


def _lines(text: str) -> Iterator[Row]:
    csv.field_size_limit(CELL_LIMIT_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        for cells in reader:
            yield Row(reader.line_num, tuple(cells))
    except csv.Error as wrong:
        raise UnreadableFileError(f"Line {reader.line_num} is not CSV: {wrong}.") from wrong


def _is_tags(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(TAG.fullmatch(cell) for cell in filled)


def _tagged(above: Sequence[Row], number: int, spelled: str) -> Column:
    """The header is the nearest row above that says something for this column."""
    tag, *attributes = [part.strip().lower() for part in spelled.split("+")]
    headers = (row.cells[number].strip() for row in reversed(above) if number < len(row.cells))
    return Column(next((header for header in headers if header), ""), tag, frozenset(attributes))


def _table(columns: Sequence[Column], lines: Sequence[Row]) -> Table:
    width = len(columns)
    rows = [Row(line.line, (*line.cells, *[""] * width)[:width]) for line in lines]
    return Table(tuple(columns), tuple(rows))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return "|".join(_cell(each) for each in value)
        case _:
            return orjson.dumps(value).decode()
