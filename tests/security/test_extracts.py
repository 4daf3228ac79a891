"""That a record is an extract, and of what, is told exactly to who reads both it and its source."""

import itertools
import json
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from shared.ids import RecordId
from shared.labels import reads
from shared.policy import Policy, WireLabel
from tests.security.asking import ask
from tests.security.conftest import House
from tests.security.out_of_sight import OWNER
from tests.security.planting import AUDIENCES, clearance
from tests.security.test_matrix import PERSONAS
from tests.thorough import one_in

WORD = "qkextracted"
# Shares no divisor with the number of audiences, so that each is among the sources and the extracts.
SHARE = one_in(5)
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Pair:
    source: str
    extract: str
    source_label: WireLabel
    extract_label: WireLabel


@pytest.fixture(scope="package")
async def pairs(house: House, beginning: dict[str, str]) -> list[Pair]:
    """Sources for each audience with an extract for each; none is guarded, so all are made freely."""
    act = partial(house.hiding.act, OWNER)
    made = []
    for number, (ours, theirs) in enumerate(itertools.product(AUDIENCES, AUDIENCES)):
        labels = [{"level": "unclassified", "releasable_to": ours, "caveats": []},
                  {"level": "public", "releasable_to": theirs, "caveats": []}]  # fmt: skip
        source = await act("/v1/organisations", _body(f"{WORD} source {number}", labels[0]))
        body = _body(f"{WORD} extract {number}", labels[1]) | {"extract_of": source["id"]}
        extract = await act("/v1/organisations", body)
        wires = [WireLabel.model_validate(one) for one in labels]
        made.append(Pair(source["id"], extract["id"], *wires))
    return made


def _body(name: str, label: Json) -> Json:
    return {"name": name, "label": label}


@pytest.mark.parametrize("persona", PERSONAS)
async def test_an_extract_is_known_as_one_to_who_reads_both_by_the_pure_rule(
    house: House, pairs: list[Pair], policy: Policy, walls: None, persona: str
) -> None:
    expected, told = {}, {}
    for pair in pairs[::SHARE]:
        both = all(_read(house, pair, policy, persona))
        expected[pair.extract] = ([pair.source] * both, [pair.extract] * both)
        up = await _answer(house, persona, f"/v1/records/{pair.extract}/extracts")
        down = await _answer(house, persona, f"/v1/records/{pair.source}/extracts")
        told[pair.extract] = (_ids(up, "of"), _ids(down, "items"))
    assert told == expected


@pytest.mark.parametrize("persona", PERSONAS)
async def test_lists_and_counts_hold_the_source_alone_for_who_reads_both(
    house: House, pairs: list[Pair], policy: Policy, walls: None, persona: str
) -> None:
    expected = set()
    for pair in pairs:
        source, extract = _read(house, pair, policy, persona)
        expected |= {pair.source} if source else {pair.extract} if extract else set()
    found = await _answer(house, persona, f"/v1/organisations?q={WORD}&count=true&page_size=200")

    listed = {one["id"] for one in found["items"]}
    assert (listed, found["count"]) == (expected, len(expected))


@pytest.mark.parametrize("persona", PERSONAS)
async def test_nothing_that_is_told_of_an_extract_names_a_source_out_of_sight(
    house: House,
    pairs: list[Pair],
    policy: Policy,
    walls: None,
    persona: str,
    beginning: dict[str, str],
) -> None:
    hidden = {pair.source for pair in pairs if not _read(house, pair, policy, persona)[0]}
    seen = [pair for pair in pairs[::SHARE] if _read(house, pair, policy, persona)[1]]
    told = await ask(house, persona, f"/v1/changes?include=record&since={beginning[persona]}")
    for pair in seen:
        for part in ("", "/history", "/edges", "/extracts", "/access", "/reads"):
            told += await ask(house, persona, f"/v1/records/{pair.extract}{part}")
        for part in ("", "/extracts", "/access"):
            told += await ask(house, persona, f"/records/{pair.extract}{part}", page=True)
    assert [one for one in hidden if one in told] == []


def _read(house: House, pair: Pair, policy: Policy, persona: str) -> tuple[bool, bool]:
    """Source and extract, by the pure rule."""
    owner = RecordId.parse(house.world.people[OWNER]["organisation_id"])
    reader = clearance(house.world.people[persona], policy)
    labels = (policy.label(one, owner) for one in (pair.source_label, pair.extract_label))
    source, extract = (reads(reader, one) for one in labels)
    return source, extract


async def _answer(house: House, persona: str, path: str) -> Json:
    answer: Json = json.loads(await ask(house, persona, path))
    return answer


def _ids(answer: Json, part: str) -> list[str]:
    return [one["id"] for one in answer.get(part, ())]
