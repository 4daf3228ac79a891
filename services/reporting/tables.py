"""The tables of the read model as arrays fill them: the columns of each, and their types."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.reporting.records.rows import Row

TEXT, NUMBER, LONG, REAL = "text[]", "integer[]", "bigint[]", "double precision[]"
TRUTH, MOMENT = "boolean[]", "timestamptz[]"
# Sent as text, and read by the database: what the driver has no arrays of, and moments as JSON spells them.
READ = {
    "doc": "jsonb",
    "after": "jsonb",
    "search": "tsvector",
    "starts_at": "timestamptz",
    "ends_at": "timestamptz",
}

_RECORDS = {
    "record_id": TEXT, "kind": TEXT, "source": TEXT, "owner": TEXT, "title": TEXT, "title_key": TEXT,
    "status": TEXT, "type": TEXT, "label_id": NUMBER, "place_id": TEXT, "area": TEXT, "unplaced": TRUTH,
    "lat": REAL, "lon": REAL, "precision": TEXT, "starts_at": TEXT, "ends_at": TEXT,
    "recorded_at": MOMENT, "updated_at": MOMENT, "source_version": NUMBER, "base_version": NUMBER,
    "exercise": TRUTH, "doc": TEXT, "search": TEXT,
}  # fmt: skip
_PORTIONS = {
    "record_id": TEXT, "grp": TEXT, "label_id": NUMBER, "own_label_id": NUMBER, "doc": TEXT, "lat": REAL,
    "lon": REAL, "updated_at": MOMENT, "version": NUMBER, "search": TEXT,
}  # fmt: skip
_EDGES = {
    "from_id": TEXT, "to_id": TEXT, "kind": TEXT, "grp": TEXT, "label_id": NUMBER, "known_from": MOMENT,
}  # fmt: skip
_NAMES = {
    "record_id": TEXT, "grp": TEXT, "label_id": NUMBER, "name": TEXT, "folded": TEXT, "heard": TEXT,
    "bones": TEXT, "weight": "real[]",
}  # fmt: skip
_VERSIONS = {
    "record_id": TEXT, "version": NUMBER, "grp": TEXT, "event_type": TEXT, "position": LONG,
    "recorded_at": MOMENT, "by_org": TEXT, "trace_id": TEXT, "label_id": NUMBER, "after": TEXT,
}  # fmt: skip
_CHANGES = {
    "source": TEXT, "epoch": NUMBER, "position": LONG, "ordinal": NUMBER, "record_id": TEXT, "kind": TEXT,
    "grp": TEXT, "label_id": NUMBER, "previous_label_id": NUMBER, "version": NUMBER, "recorded_at": MOMENT,
}  # fmt: skip
_PAST = {"known_until": MOMENT}

# By table: type of the array by column.
TABLES: Mapping[str, Mapping[str, str]] = {
    "records": _RECORDS, "portions": _PORTIONS, "edges": _EDGES, "names": _NAMES, "versions": _VERSIONS,
    "records_past": _RECORDS | _PAST, "portions_past": _PORTIONS | _PAST, "edges_past": _EDGES | _PAST,
    "changes": _CHANGES,
}  # fmt: skip


# Long, and full of quotes: these travel as arrays of the driver. All others are spelled as PostgreSQL spells
# arrays, while it is at work on others: the driver would ask of every value whether it is an array itself,
# and do so when nothing else is under way.
AS_ARRAYS = ("jsonb", "tsvector")


def _insert(table: str, columns: Mapping[str, str]) -> str:
    names = ", ".join(columns)
    read = ", ".join(f"{one}::{READ[one]}" if one in READ else one for one in columns)
    arrays = ", ".join(
        f"${number}::{type_}" if READ.get(name) in AS_ARRAYS else f"${number}::text::{type_}"
        for number, (name, type_) in enumerate(columns.items(), start=1)
    )
    return f"insert into {table} ({names}) select {read} from unnest({arrays}) as row({names})"  # noqa: S608 - ours


_INSERTS = {table: _insert(table, columns) for table, columns in TABLES.items()}


def insert(table: str, rows: Sequence[Row]) -> tuple[str, list[Any]]:  # Any: values of columns
    """The statement that inserts `rows`, and what it takes."""
    columns = TABLES[table].items()
    return _INSERTS[table], [_column(name, type_, rows) for name, type_ in columns]


def _column(name: str, type_: str, rows: Sequence[Row]) -> list[Any] | str:
    values = [row[name] for row in rows]
    if READ.get(name) == "jsonb":
        return [None if value is None else orjson.dumps(value).decode() for value in values]
    return values if READ.get(name) in AS_ARRAYS else array(values, type_)


def array(values: Sequence[Any], type_: str) -> str:
    """`values` as PostgreSQL writes an array of that type."""
    match type_:
        case "text[]":
            return _of_texts(values)
        case "timestamptz[]":
            return _of_texts([value and value.isoformat() for value in values])
        case _:  # numbers and truth are spelled alike there and here
            return f"{{{str([*values])[1:-1]}}}".replace("None", "NULL")


def _of_texts(values: Sequence[str | None]) -> str:
    """Each in quotes; looked through one by one only when there is something to escape in any."""
    quoted = ['"' + value + '"' if value is not None else "NULL" for value in values]
    told = ",".join(quoted)
    if "\\" in told or told.count('"') != 2 * (len(values) - values.count(None)):
        told = ",".join(_escaped(one) for one in values)
    return f"{{{told}}}"


def _escaped(value: str | None) -> str:
    if value is None:
        return "NULL"
    inside = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
