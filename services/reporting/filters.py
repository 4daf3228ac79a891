"""What a list may be asked for, read from the address. Unknown words are refused by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import orjson

from shared.errors import FieldError, MalformedError
from shared.ids import Kind, RecordId

PAGE_SIZE = 50
PAGE_LIMIT = 500
IDS_LIMIT = 500
QUERY_LETTERS = 300
OPEN = (
    "proposed", "planned", "approved", "confirmed", "postponed", "held", "active",
    "given", "accepted", "in_progress",
)  # fmt: skip
SORTS = ("starts_at", "recorded_at", "updated_at", "title", "relevance")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box of WGS 84 degrees; `west` may lie east of `east` across the date line."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records. None or empty: no condition. `until` is exclusive. Times are UTC."""

    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    organisation_kind: str | None = None
    area: str | None = None
    party: RecordId | None = None
    since: datetime | None = None
    until: datetime | None = None
    bbox: Bounds | None = None
    q: str | None = None
    placed: bool | None = None
    dated: bool | None = None
    overdue: bool | None = None
    release_waits: bool | None = None
    removal_waits: bool | None = None
    source_changed: bool | None = None
    review_by: date | None = None
    ids: tuple[str, ...] | None = None
    owner: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the record `id`, whose sort key is `value`."""

    value: str
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list, in which order."""

    sort: str = "recorded_at"
    descending: bool = True
    size: int = PAGE_SIZE
    after: Cursor | None = None
    count: bool = False
    fields: tuple[str, ...] = ()


Params = Mapping[str, str]


def read_filters(params: Params) -> Filters:
    """Raises MalformedError, naming the parameter, when a value cannot be read."""
    return Filters(**{field.name: _read(params, field.name) for field in fields(Filters)})


def read_page(params: Params) -> Page:
    """Raises MalformedError as `read_filters` does. What is looked for comes best first."""
    sort = params.get("sort", "-relevance" if params.get("q") else "-recorded_at")
    _require(sort.removeprefix("-") in SORTS, "sort", f"One of {', '.join(SORTS)}, or -.")
    return Page(
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-") or sort == "relevance",
        size=_number(params, "page_size", PAGE_SIZE, 1, PAGE_LIMIT),
        after=_cursor(params["after"]) if params.get("after") else None,
        count=_parsed("count", params.get("count", "false"), _boolean),
        fields=_words(params.get("fields", "")),
    )


def only_known(params: Params, known: Iterable[str]) -> None:
    """Raises MalformedError naming every parameter that is not one of `known`."""
    strangers = sorted(set(params) - set(known))
    if strangers:
        errors = tuple(
            FieldError(f"?{name}", "unknown_parameter", "There is no such parameter here.")
            for name in strangers
        )
        raise MalformedError("There is no such parameter here.", errors=errors)


def number(params: Params, name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    return _number(params, name, default, low, high)


def read_as_of(params: Params, now: datetime) -> datetime | None:
    """The moment to read as of; None for the present. Raises MalformedError for one still to come."""
    if not params.get("as_of"):
        return None
    moment = _parsed("as_of", params["as_of"], _instant)
    if moment > now:
        raise _wrong("as_of", "in_future", "What will be known then is not known yet.")
    return moment


def moment_of(params: Params, name: str) -> datetime:
    """A moment that must be given. Raises MalformedError, naming the parameter."""
    return _parsed(name, params.get(name, ""), _since)


FILTER_NAMES = (
    "kind", "status", "type", "organisation_kind", "area", "party", "from", "to", "bbox", "q", "placed",
    "dated", "overdue", "release_waits", "removal_waits", "source_changed", "review_by", "ids", "owner",
    "as_of",
)  # fmt: skip
PAGE_NAMES = ("sort", "page_size", "after", "count", "fields")
_SPELLED = {"since": "from", "until": "to"}


def _read(params: Params, field: str) -> Any:  # Any: of the field's own type
    name = _SPELLED.get(field, field)
    raw = params.get(name, "")
    reader = _READERS.get(field, str)
    if not raw:
        return Filters.__dataclass_fields__[field].default
    return _parsed(name, raw, reader)


def _statuses(raw: str) -> tuple[str, ...]:
    return tuple(one for word in _words(raw) for one in (OPEN if word == "open" else (word,)))


def _kinds(raw: str) -> tuple[str, ...]:
    return tuple(Kind(word).value for word in _words(raw))


def _ids(raw: str) -> tuple[str, ...]:
    """What is no id is no record either: absent, not wrong."""
    words = _words(raw)
    if len(words) > IDS_LIMIT:
        raise ValueError(f"at most {IDS_LIMIT}")
    return words


def _since(raw: str) -> datetime:
    return _moment(raw)[0]


def _until(raw: str) -> datetime:
    """A bare date means through the end of that day."""
    moment, is_day = _moment(raw)
    return moment + timedelta(days=1) if is_day else moment


def _moment(raw: str) -> tuple[datetime, bool]:
    if len(raw) == len("2030-01-02"):
        day = date.fromisoformat(raw)
        return datetime(day.year, day.month, day.day, tzinfo=UTC), True
    return _instant(raw), False


def _instant(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    if moment.utcoffset() is None:
        raise ValueError("a time without zone")
    return moment.astimezone(UTC)


def _bounds(raw: str) -> Bounds:
    west, south, east, north = (float(part) for part in raw.split(","))
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("not a box on the earth")
    return Bounds(west, south, east, north)


def _boolean(raw: str) -> bool:
    return {"true": True, "false": False}[raw]


def _organisation(raw: str) -> RecordId:
    return RecordId.parse(raw)


def _text(raw: str) -> str:
    if "\x00" in raw:
        raise ValueError("holds the NUL character")
    return raw[:QUERY_LETTERS]


def _words(raw: str) -> tuple[str, ...]:
    return tuple(_text(word) for word in raw.split(",") if word)


_READERS: dict[str, Callable[[str], Any]] = {  # Any: of the field's own type
    "kind": _kinds,
    "status": _statuses,
    "type": _words,
    "organisation_kind": _text,
    "area": _text,
    "party": _organisation,
    "since": _since,
    "until": _until,
    "bbox": _bounds,
    "q": _text,
    "placed": _boolean,
    "dated": _boolean,
    "overdue": _boolean,
    "release_waits": _boolean,
    "removal_waits": _boolean,
    "source_changed": _boolean,
    "review_by": date.fromisoformat,
    "ids": _ids,
    "owner": _organisation,
}


def _cursor(raw: str) -> Cursor:
    try:
        told = orjson.loads(raw)
        return Cursor(_text(str(told["value"])), _text(str(told["id"])))
    except (ValueError, KeyError, TypeError) as wrong:
        raise _wrong("after", "invalid", "This is not a place in a list.") from wrong


def _number(params: Params, name: str, default: int, low: int, high: int) -> int:
    value = _parsed(name, params.get(name) or str(default), int)
    _require(low <= value <= high, name, f"A whole number from {low} to {high}.")
    return value


def _parsed(name: str, raw: str, reader: Callable[[str], Value]) -> Value:
    try:
        return reader(raw)
    except (ValueError, KeyError, OverflowError) as wrong:
        raise _wrong(name, "invalid", "This value cannot be read.") from wrong


def _require(holds: bool, name: str, detail: str) -> None:
    if not holds:
        raise _wrong(name, "not_one_of", detail)


def _wrong(name: str, code: str, detail: str) -> MalformedError:
    return MalformedError(detail, errors=(FieldError(f"?{name}", code, detail),))
