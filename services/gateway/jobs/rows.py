"""Rows of an import as items of a batch, or why they are none. Pure.

What a service would refuse a whole batch for is refused here for the row alone, by the service's own rules.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from services.gateway.jobs.formats import FileFormat
from services.gateway.jobs.tables import Understood, cells_of, fitted, understood
from services.gateway.partner_api.kinds import KindApi
from shared.api.batch import BatchItem
from shared.errors import AppError, InvalidError, MalformedError, TooLargeError, invalid
from shared.http_edge import BODY_LIMIT_BYTES, DEPTH_LIMIT
from shared.importing.tables import Column
from shared.json_shape import has_endless_number, nesting_exceeds
from shared.validation import invalid_fields

EXTERNAL_ID = "external_id"
# Room for what a batch puts around its items.
ITEM_LIMIT_BYTES = BODY_LIMIT_BYTES // 2
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Told:
    """A row as it stands in the file. `text`: None when it is not UTF-8."""

    number: int
    line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a table's rows are read by."""

    delimiter: str
    columns: Sequence[Column]

    def to_json(self) -> Json:
        columns = [[each.header, each.tag, sorted(each.attributes)] for each in self.columns]
        return {"delimiter": self.delimiter, "columns": columns}

    @classmethod
    def of(cls, told: Json) -> "Head":
        columns = [Column(header, tag, frozenset(more)) for header, tag, more in told["columns"]]
        return cls(told["delimiter"], columns)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that does not stand, and the problem with it."""

    row: Told
    problem: Json

    def to_json(self) -> Json:
        """Without candidates: who may see them may change before anybody looks."""
        errors = [
            {name: str(each.get(name, "")) for name in ("pointer", "code", "detail")}
            for each in self.problem.get("errors") or ()
        ]
        told = {name: self.problem[name] for name in ("status", "code", "detail")}
        return told | {"line": self.row.line, "errors": errors}


@dataclass(frozen=True, slots=True)
class Ready:
    row: Told
    item: Json

    @property
    def size(self) -> int:
        return len(orjson.dumps(self.item))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows of one job. `system`: whose the ids of its rows are."""

    job_id: str
    api: KindApi
    system: str | None
    head: Head | None
    table: Understood | None = None

    @classmethod
    def of(cls, job_id: str, api: KindApi, asked: Json, head: Json | None) -> "Reader":
        table = Head.of(head) if asked["format"] == FileFormat.CSV and head else None
        known = understood(api, table.columns) if table else None
        return cls(job_id, api, asked["system"], table, known)

    def read(self, rows: Iterable[Told]) -> tuple[list[Ready], list[Refused]]:
        ready, refused = list[Ready](), list[Refused]()
        for row in rows:
            try:
                ready.append(Ready(row, self._item(row)))
            except AppError as wrong:
                refused.append(Refused(row, problem_of(wrong)))
        return ready, refused

    def _item(self, row: Told) -> Json:
        if row.text is None:
            raise MalformedError("The row is not UTF-8.", code="not_utf8")
        own, body = self._of_table(row.text) if self.table else _of_line(row.text)
        key = f"job {self.job_id} {row.number}"
        item: Json = {"key": key, "action": "create", "body": body}
        if own is not None:
            if self.system is None:
                raise invalid(f"/{EXTERNAL_ID}", "required", "Say ?system=: whose id is it?")
            item |= {"action": "put_external", "system": self.system, EXTERNAL_ID: own}
        _check(item)
        return item

    def _of_table(self, text: str) -> tuple[str | None, Json]:
        if self.table is None or self.head is None:
            raise MalformedError("The row is of no table.")
        try:
            cells = cells_of(text, self.head.delimiter)
        except csv.Error as wrong:
            raise MalformedError("The row is not CSV.", code="not_csv") from wrong
        return self.table.row(fitted(cells, len(self.head.columns)))


def problem_of(wrong: AppError) -> Json:
    errors = [
        {"pointer": each.pointer, "code": each.code, "detail": each.detail} for each in wrong.errors
    ]
    return {"status": wrong.status, "code": wrong.code, "detail": wrong.detail, "errors": errors}


def _of_line(text: str) -> tuple[str | None, Json]:
    raw = text.encode()
    if nesting_exceeds(raw, DEPTH_LIMIT):
        raise MalformedError(f"The row is nested more than {DEPTH_LIMIT} deep.")
    if has_endless_number(raw):
        raise MalformedError("A number in the row is not finite.", code="not_finite")
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        raise MalformedError("The row is not JSON.", code="not_json") from wrong
    if not isinstance(told, dict):
        raise MalformedError("The row is not a JSON object.", code="not_an_object")
    own = told.pop(EXTERNAL_ID, None)
    if own is not None and not isinstance(own, str):
        raise invalid(f"/{EXTERNAL_ID}", "string_type", "Give it as a string.")
    return own, told


def _check(item: Json) -> None:
    """As a batch would be, but for this row alone."""
    raw = orjson.dumps(item)
    if len(raw) > ITEM_LIMIT_BYTES:
        raise TooLargeError(f"A row holds at most {ITEM_LIMIT_BYTES} bytes.")
    if nesting_exceeds(orjson.dumps({"items": [item]}), DEPTH_LIMIT):
        raise MalformedError(f"The row is nested more than {DEPTH_LIMIT} deep.")
    try:
        BatchItem.model_validate_json(raw)
    except ValidationError as wrong:
        findings = [{**each, "loc": ("body", *each["loc"])} for each in wrong.errors()]
        found = invalid_fields(findings, item)
        raise InvalidError(found.detail, errors=found.errors) from wrong
