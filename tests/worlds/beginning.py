"""What both worlds begin with: records that everybody reads, with groups that not everybody does."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.worlds import writes
from tests.worlds.asking import Request, Seat
from tests.worlds.hands import HAND
from tests.worlds.known import Known
from tests.worlds.vocabulary import EXACTLY, HIDDEN, MILITARY, OPEN

EDITOR = "ops-centre"
PLACES = (
    {
        "name": "Malakal",
        "level": "admin2",
        "pcode": "SS0707",
        "point": {"lat": 9.53, "lon": 31.65},
        "precision": "district",
    },
    {
        "name": "Akobo",
        "level": "admin2",
        "pcode": "SS0301",
        "point": {"lat": 7.78, "lon": 33.0},
        "precision": "district",
    },
    {
        "name": "Lelo",
        "level": "settlement",
        "pcode": "SS070701",
        "point": {"lat": 9.71, "lon": 31.6},
    },
    {
        "name": "Ogod",
        "level": "settlement",
        "pcode": "SS070702",
        "point": {"lat": 9.42, "lon": 31.9},
    },
)
COARSE = 3
EXTRACTS = 3
SHARED = ("organisations", "organisations", "organisations", "people", "people", "people", "people",
          "posts", "engagements", "engagements", "engagements", "commitments", "commitments")  # fmt: skip


async def begin(worlds: Sequence[dict[str, Seat]], known: Known) -> int:
    """Writes the same into each world; the number of requests it took."""
    chance, number = Random("the beginning"), 0
    requests = [
        (EDITOR, Request("PUT", f"/v1/places/external/pcode/{p['pcode']}", p)) for p in PLACES
    ]
    for who, request in requests:
        number += 1
        await _both(worlds, who, request, number, known)
    for plural in SHARED:
        number += 1
        body = writes.body_of(chance, plural, OPEN, known)
        if "group_labels" in body:
            # The hand changes groups of people, so nobody else may read them.
            shown = HIDDEN[0] if plural == "people" else chance.choice((MILITARY, OPEN))
            body["group_labels"] = dict.fromkeys(body["group_labels"], shown)
        await _both(worlds, HAND, writes.post(f"/v1/{plural}", body, chance), number, known)
    for _ in range(COARSE):
        number += 1
        body = writes.body_of(chance, "engagements", OPEN, known)
        body["group_labels"] |= {"time": HIDDEN[0], "place": HIDDEN[0], "exact_place": HIDDEN[0]}
        one = writes.post("/v1/engagements", body, chance)
        each = [replace(one, body={**body, **exactly}) for exactly in EXACTLY]
        known.coarse[await _each(worlds, HAND, each, number, known)] = body
    return await _extracts(worlds, chance, number, known)


async def _extracts(
    worlds: Sequence[dict[str, Seat]], chance: Random, number: int, known: Known
) -> int:
    """Hidden records, and what everybody reads of them."""
    for _ in range(EXTRACTS):
        hidden = writes.body_of(chance, "organisations", HIDDEN[0], known)
        asked = writes.post("/v1/organisations", hidden, chance)
        source = await _written(worlds, HAND, [asked] * len(worlds), number + 1)
        known.sources.append(source)
        known.met(source)
        told = writes.body_of(chance, "organisations", OPEN, known) | {"extract_of": source}
        await _both(worlds, HAND, writes.post("/v1/organisations", told, chance), number + 2, known)
        number += 2
    return number


async def _both(
    worlds: Sequence[dict[str, Seat]], who: str, request: Request, number: int, known: Known
) -> None:
    await _each(worlds, who, [request] * len(worlds), number, known)


async def _each(
    worlds: Sequence[dict[str, Seat]],
    who: str,
    requests: Sequence[Request],
    number: int,
    known: Known,
) -> str:
    """To each world its own request; both make a record of the same id, which is returned."""
    made = await _written(worlds, who, requests, number)
    known.met(made, everywhere=True)
    return made


async def _written(
    worlds: Sequence[dict[str, Seat]], who: str, requests: Sequence[Request], number: int
) -> str:
    each = zip(worlds, requests, strict=True)
    told = [await seats[who].ask(request, number) for seats, request in each]
    assert all(answer.status in (200, 201) for answer in told), told
    assert len({answer.json["id"] for answer in told}) == 1
    return str(told[0].json["id"])
