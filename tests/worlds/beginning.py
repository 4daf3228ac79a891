"""What both worlds begin with: records that everybody reads, with groups that not everybody does."""

from collections.abc import Sequence
from random import Random

from tests.worlds import writes
from tests.worlds.asking import Request, Seat
from tests.worlds.hands import HAND
from tests.worlds.known import Known
from tests.worlds.vocabulary import HIDDEN, MILITARY, OPEN

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
)
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
    return number


async def _both(
    worlds: Sequence[dict[str, Seat]], who: str, request: Request, number: int, known: Known
) -> None:
    told = [await seats[who].ask(request, number) for seats in worlds]
    assert all(answer.status in (200, 201) for answer in told), told
    assert len({answer.json["id"] for answer in told}) == 1
    known.met(told[0].json["id"], everywhere=True)
