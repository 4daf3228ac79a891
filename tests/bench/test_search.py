"""That places are found under a misspelt name, on a small part of what `./parley bench search` asks."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from cli.bench import SEED
from cli.benching.asking import Answer, asking_parley
from cli.benching.gazetteer import somali_places, synonym_pairs
from cli.benching.loading import load_places
from cli.benching.misspelling import KINDS, misspelt
from cli.benching.search import FALSE_FIRST, RECALL, Question, false_first, questions, recall
from services.reporting.reading import Reader
from shared.database import open_pool
from shared.interning import LabelBook

COMPETITORS, ASKED = 400, 60
SOME = Random(SEED)

Answered = list[tuple[Question, Answer]]


@pytest.fixture(scope="module")
async def answered(postgres, layout) -> AsyncIterator[Answered]:
    """Some of the file's places, and some of the bench's questions about those with synonyms."""
    everything = somali_places()
    pairs = synonym_pairs(everything)
    known = [place for place in everything if place.synonyms]
    places = [*known, *SOME.sample([one for one in everything if not one.synonyms], COMPETITORS)]
    fresh = await postgres.fresh("reporting_read", "keystore")
    async with (
        open_pool(fresh.url("reporting_read", "projector"), connections=1) as projector,
        open_pool(fresh.url("keystore", "reporting"), connections=1) as keystore,
        open_pool(fresh.url("reporting_read", "reader"), connections=1) as readers,
    ):
        await load_places(projector, keystore, layout, places)
        ask = asking_parley(Reader(readers, LabelBook()))
        asked = SOME.sample(questions(places, pairs, SEED), ASKED)
        yield [(one, Answer(await ask(one.text), 0.0)) for one in asked]


async def test_a_misspelt_place_is_among_the_first_five(answered: Answered) -> None:
    assert recall(answered) >= RECALL


async def test_the_first_hit_is_seldom_another_place(answered: Answered) -> None:
    assert false_first(answered) <= FALSE_FIRST


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_always_changes_the_name_and_is_repeated_by_its_seed(kind: str) -> None:
    slips = [misspelt("Garoowe", kind, Random(seed)) for seed in range(50)]
    assert "Garoowe" not in slips
    assert slips == [misspelt("Garoowe", kind, Random(seed)) for seed in range(50)]
