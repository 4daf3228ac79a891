"""Filters as conditions on `records r`, each over nothing but what the reader reads."""

from collections.abc import Iterator

from services.reporting.filters import Bounds, Filters
from services.reporting.queries.extracts import source_changed, unless_source_is_read
from services.reporting.queries.names import LEAST_LISTED, naming
from services.reporting.queries.predicate import Query
from services.reporting.records.words import words_of
from shared.contracts.event import Group

WORDS_LIMIT = 8
# The exact point when its group is readable, else the coarse one.
EXACT = "left join portions x on x.record_id = r.record_id and x.grp = 'exact_place' and x.lat is not null"
# Of a place told coarsely: its own point for those who read it, else that of the district.
FINER = (
    "left join portions y on y.record_id = r.record_id and y.grp = 'place' and y.lat is not null"
)
DISTRICT = (
    "left join records d on r.lat is null and r.doc ? 'coarse' and d.kind = 'place' and d.area = r.area"
    " and d.doc->>'pcode' = r.area and d.lat is not null"
)
OVERDUE = '{"overdue": true}'
# Dates are spelled so that they sort as text.
REVIEW = "(r.doc #>> '{{marked,review_on}}')"
LAT = "coalesce(x.lat, y.lat, r.lat, d.lat)"
LON = "coalesce(x.lon, y.lon, r.lon, d.lon)"


def conditions(query: Query, filters: Filters) -> str:
    """All of them, the label rule first, joined by `and`."""
    told = [query.record("r"), *_plain(query, filters)]
    if filters.q is not None:
        told.append(_found(query, filters.q))
    if filters.party is not None:
        told.append(_party(query, str(filters.party)))
    if filters.bbox is not None:
        told.append(_inside(query, filters.bbox))
    if not _looks_for_its_own(filters):
        told.append(unless_source_is_read(query))
    return " and ".join(told)


def _looks_for_its_own(filters: Filters) -> bool:
    """Records that are named, or that their owner must decide about, are told whatever they are."""
    waits = filters.release_waits or filters.removal_waits or filters.source_changed
    return filters.ids is not None or bool(waits) or filters.review_by is not None


def points(query: Query) -> str:
    """A join that gives `r` the reader's point, in LAT and LON."""
    return (
        f"{EXACT} and {query.portion('x', 'r')} {FINER} and {query.portion('y', 'r')}"
        f" {DISTRICT} and {query.record('d')}"
    )


def _plain(query: Query, filters: Filters) -> Iterator[str]:
    lists = {"kind": filters.kind, "status": filters.status, "type": filters.type}
    for column, values in lists.items():
        if values:
            yield f"r.{column} = any({query.bind(list(values))}::text[])"
    if filters.ids is not None:
        yield f"r.record_id = any({query.bind(list(filters.ids))}::text[])"
    yield from _flags(query, filters)
    asked = {"waiting": filters.release_waits, "removal": filters.removal_waits}
    for request, waits in asked.items():
        if waits is not None:
            yield ("" if waits else "not ") + _waiting(query, request)
    single = {
        "r.owner = {}": None if filters.owner is None else str(filters.owner),
        "r.kind = 'organisation' and r.type = {}": filters.organisation_kind,
        "r.starts_at >= {}": filters.since,
        "r.starts_at < {}": filters.until,
        "starts_with(r.area, {})": filters.area,
        REVIEW + " <= {}": None if filters.review_by is None else filters.review_by.isoformat(),
    }
    for condition, value in single.items():
        if value is not None:
            yield condition.format(query.bind(value))


def _flags(query: Query, filters: Filters) -> Iterator[str]:
    if filters.placed is not None:
        yield f"r.unplaced is not {'true' if filters.placed else 'false'}"
    if filters.dated is not None:
        yield f"r.starts_at is {'not ' if filters.dated else ''}null"
    if filters.source_changed is not None:
        yield ("" if filters.source_changed else "not ") + source_changed(query)
    if filters.overdue is not None:
        yield f"(r.doc @> '{OVERDUE}') is {'true' if filters.overdue else 'not true'}"


def _waiting(query: Query, request: str) -> str:
    """That this is asked of it and waits, as far as the reader may know; the rest counts as without."""
    return (
        "exists (select from portions h where h.record_id = r.record_id"
        f" and h.grp = '{Group.HANDLING}' and h.doc ? '{request}' and {query.portion('h', 'r')})"
    )


def _found(query: Query, q: str) -> str:
    """Every word is the record's, or near to a name of it; or all of them together are near to one.

    What a person or organisation goes by finds the records that refer to them, too.
    """
    words = words_of(q)[:WORDS_LIMIT]
    if not words:
        return "false"
    each = [_matching(query, word, f"word({query.bind(word)}::text)") for word in words]
    found = f"({' intersect '.join(each)})"
    if len(words) > 1:
        found += f" union {_matching(query, q, 'null')}"
    return f"r.record_id in ({found})"


def _matching(query: Query, text: str, words: str) -> str:
    return f"select matching({words}, {naming(query, text, LEAST_LISTED)})"


def _party(query: Query, party: str) -> str:
    """Refers to this organisation, person or post, which the reader reads too, or to one merged into it."""
    return (
        "exists (select from edges e join records c on c.record_id = e.to_id"
        f" where e.from_id = r.record_id and e.to_id in {same_as(query, party)}"
        f" and {query.label('e.label_id')} and {query.record('c')})"
    )


def same_as(query: Query, record_id: str) -> str:
    """The ids this record goes by: its own, and those of records merged into it, step by step."""
    return (
        f"(with recursive same(id) as (select {query.bind(record_id)}::text"  # noqa: S608 - bound
        " union select m.from_id from edges m join same on m.to_id = same.id"
        f" where m.kind = 'merged_into' and {query.label('m.label_id')}) select id from same)"
    )


def _inside(query: Query, box: Bounds) -> str:
    west, east = query.bind(box.west), query.bind(box.east)
    south, north = query.bind(box.south), query.bind(box.north)
    across = f"{LON} >= {west} and {LON} <= {east}"
    if box.west > box.east:
        across = f"({LON} >= {west} or {LON} <= {east})"
    return f"{LAT} between {south} and {north} and {across}"
