"""Reads a program may make: a function a row of READS, where new ways to read are added."""

from collections.abc import Callable
from random import Random
from urllib.parse import quote, urlencode

from tests.worlds.asking import Request
from tests.worlds.known import PLURALS, Known, plural_of
from tests.worlds.vocabulary import DAYS, HOUSES, NAMES, WORDS

Step = Callable[[Random, Known], Request]
SORTS = ("starts_at", "-starts_at", "recorded_at", "-updated_at", "title", "-title", "relevance")
LISTS = ("records", *PLURALS.values())


def get(path: str, **headers: str) -> Request:
    return Request("GET", path, headers=headers)


def listed(chance: Random, known: Known) -> Request:
    query = _filters(chance, known) | {"page_size": chance.choice(("1", "3", "50"))}
    if chance.random() < 0.5:
        query["sort"] = chance.choice(SORTS)
    if chance.random() < 0.5:
        query["count"] = "true"
    if chance.random() < 0.1:
        query["fields"] = "title,status,participants"
    return get(f"/v1/{chance.choice(LISTS)}?{urlencode(query)}")


def searched(chance: Random, known: Known) -> Request:
    return get(f"/v1/records?{urlencode({'q': _sought(chance), 'count': 'true'})}")


def next_page(chance: Random, known: Known) -> Request:
    if not known.following:
        return listed(chance, known)
    path, cursor = known.following.pop()
    return get(f"{path}&cursor={cursor}")


def one(chance: Random, known: Known) -> Request:
    record_id = known.an_id(chance)
    headers = {}
    if record_id in known.etags and chance.random() < 0.5:
        headers["If-None-Match"] = known.etags[record_id]
    return get(f"/v1/{plural_of(record_id)}/{record_id}", **headers)


def beside(chance: Random, known: Known) -> Request:
    record_id = known.an_id(chance)
    return get(f"/v1/records/{record_id}/{chance.choice(('history', 'edges', 'extracts'))}")


def as_of(chance: Random, known: Known) -> Request:
    moment = f"2026-01-05T{chance.choice(('06:00:09', '06:01:00', '07:00:00'))}Z"
    return get(f"/v1/records?{urlencode({'as_of': moment, 'page_size': '50'})}")


def mapped(chance: Random, known: Known) -> Request:
    query = {"bbox": "31,9,32.5,10.5", "zoom": chance.choice(("5", "14"))}
    return get(f"/v1/records/map?{urlencode(query | _filters(chance, known))}")


def suggested(chance: Random, known: Known) -> Request:
    query = {"q": _sought(chance)[: chance.choice((2, 4, 30))]}
    if chance.random() < 0.5:
        query["kind"] = chance.choice(tuple(PLURALS))
    return get(f"/v1/records/suggest?{urlencode(query)}")


def attendees(chance: Random, known: Known) -> Request:
    return get(
        f"/v1/engagements/suggested_attendees?party={known.an_id(chance, 'organisation', 'person')}"
    )


def overlaps(chance: Random, known: Known) -> Request:
    parties = known.an_id(chance, "organisation", "person")
    query = {"parties": parties, "starts_at": chance.choice(DAYS)}
    return get(f"/v1/engagements/overlaps?{urlencode(query)}")


def changes(chance: Random, known: Known) -> Request:
    more = "&include=record" if chance.random() < 0.3 else ""
    return get(f"/v1/changes?page_size=200{f'&since={known.since}' if known.since else ''}{more}")


def waited_for(chance: Random, known: Known) -> Request:
    place = chance.choice(known.places) if known.places else "none-of-ours"
    return get(f"/v1/records?page_size=3&at_least={place}")


def content(chance: Random, known: Known) -> Request:
    return get(f"/v1/attachments/{known.an_id(chance, 'attachment')}/content")


def strange(chance: Random, known: Known) -> Request:
    """What no route foresees, or a parameter does not take."""
    return get(
        chance.choice(
            (
                f"/v1/records/{quote(chance.choice(NAMES))}",
                "/v1/engagements?colour=blue",
                "/v1/records?page_size=0",
                f"/v1/records?cursor={'A' * 1918}",
                f"/v1/engagements/{known.an_id(chance, 'person')}",
                "/v1/heads",
            )
        )
    )


PAGES = (
    "/", "/engagements", "/commitments", "/contacts", "/organisations", "/people", "/posts", "/places",
    "/map", "/timeline", "/engagements/new", "/commitments/new", "/people/new", "/posts/new",
    "/parts/today", "/parts/timeline", "/parts/commitments", "/map.geojson?bbox=31,9,32.5,10.5&zoom=9",
    "/parts/map-rows?bbox=31,9,32.5,10.5&zoom=9", "/records",
)  # fmt: skip
SOUGHT_PAGES = ("/search?q={}", "/parts/palette?q={}", "/engagements?q={}", "/parts/choices/person?q={}",
                "/parts/suggested?party={}", "/parts/organisation-names?q={}")  # fmt: skip
RECORD_PAGES = ("/{plural}/{id}", "/parts/records/{id}", "/records/{id}", "/parts/commitments/{id}",
                "/engagements/{id}/debrief", "/{plural}/{id}/merge", "/{plural}/{id}/amend")  # fmt: skip


def page(chance: Random, known: Known) -> Request:
    return Request("GET", chance.choice(PAGES), page=True)


def sought_page(chance: Random, known: Known) -> Request:
    return Request("GET", chance.choice(SOUGHT_PAGES).format(quote(_sought(chance))), page=True)


def record_page(chance: Random, known: Known) -> Request:
    record_id = known.an_id(chance)
    path = chance.choice(RECORD_PAGES).format(plural=plural_of(record_id), id=record_id)
    return Request("GET", path, page=True)


READS: dict[Step, int] = {
    listed: 6, searched: 3, next_page: 5, one: 5, beside: 3, as_of: 1, mapped: 2, suggested: 3,
    attendees: 1, overlaps: 1, changes: 3, waited_for: 1, content: 1, strange: 1, page: 2,
    sought_page: 2, record_page: 2,
}  # fmt: skip


def _filters(chance: Random, known: Known) -> dict[str, str]:
    some = {
        "status": "open",
        "from": "2031-03-01",
        "to": "2031-03-09",
        "q": _sought(chance),
        "party": known.an_id(chance, "organisation", "person", "post"),
        "area": "SS07",
        "placed": "true",
        "dated": "true",
        "overdue": "false",
        "bbox": "31,9,32.5,9.7",
    }
    chosen = chance.sample(sorted(some), chance.choice((0, 0, 1, 1, 2)))
    return {name: some[name] for name in chosen}


def _sought(chance: Random) -> str:
    return chance.choice((*WORDS, *NAMES, *HOUSES, "Malakal", "Nyakon"))
