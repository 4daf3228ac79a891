"""`./parley bench search`: are places found under a misspelt name, and only those that were meant?

What counts as what is told in docs/benchmarks.md, Search.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random
from statistics import quantiles

from cli.benching.asking import Answer, asking_parley, asking_trigrams, timed
from cli.benching.gazetteer import (
    GazetteerPlace,
    homonyms,
    letters,
    names_elsewhere,
    somali_places,
    synonym_pairs,
)
from cli.benching.loading import load_places
from cli.benching.misspelling import KINDS, misspelt
from cli.benching.result import Result
from cli.benching.throwaway import throwaway_databases
from services.reporting.reading import Reader
from shared.database import Pool, open_pool
from shared.interning import LabelBook

FIRST = 5
RECALL, FALSE_FIRST = 0.9, 0.05
ROUNDS = 2
CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and the place that is meant; "" when it is in no gazetteer.

    `alike`: the places that go by the very name that was misspelt, between which no name can tell.
    """

    text: str
    meant: str
    alike: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what each side answered."""

    question: Question
    ours: Answer
    peer: Answer


Pairs = Sequence[tuple[GazetteerPlace, str]]
Asking = Callable[[Question], Awaitable[Asked]]


async def search(seed: int) -> list[Result]:
    """Loads the file twice: with its synonyms, and without any, so that each is a spelling never seen."""
    places = somali_places()
    synonyms = [(place, asked) for place in places for asked in place.synonyms]
    bare = [GazetteerPlace(one.level, one.name, (), one.id) for one in places]
    async with loaded(places) as ask:
        known = [await ask(one) for one in questions(places, synonym_pairs(places), seed)]
        strange = [await ask(one) for one in strangers(places, seed)]
    async with loaded(bare) as ask:
        unseen = [await ask(one) for one in questions(bare, synonyms, seed)]
    return [*_goals(known, strange), *_besides(known, unseen)]


def questions(places: Sequence[GazetteerPlace], pairs: Pairs, seed: int) -> list[Question]:
    """Every pair with one edit of every kind, several times over."""
    random, alike = Random(seed), homonyms(places)  # noqa: S311 - to be repeated, not to be secret
    return [
        Question(
            misspelt(asked, kind, random),
            str(place.id),
            frozenset(alike.get(letters(asked), ())),
        )
        for _ in range(ROUNDS)
        for place, asked in pairs
        for kind in KINDS
    ]


def strangers(places: Sequence[GazetteerPlace], seed: int) -> list[Question]:
    """Names of places that are not in the file, misspelt likewise."""
    random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    return [
        Question(misspelt(name, kind, random), "")
        for name in names_elsewhere(places)
        for kind in KINDS
    ]


def recall(asked: Sequence[tuple[Question, Answer]]) -> float:
    """How often the place that was meant is among the first few."""
    return _share([question.meant in answer.ids[:FIRST] for question, answer in asked])


def false_first(asked: Sequence[tuple[Question, Answer]]) -> float:
    """How often the first hit is another place than was meant, and does not go by the very same name."""
    return _share(
        [
            bool(answer.ids) and answer.ids[0] not in {question.meant, *question.alike}
            for question, answer in asked
        ]
    )


@asynccontextmanager
async def loaded(places: Sequence[GazetteerPlace]) -> AsyncIterator[Asking]:
    """A server with these places; asks it both ways, in turn."""
    async with AsyncExitStack() as stack:
        layout, databases = await stack.enter_async_context(throwaway_databases())

        async def pool(name: str, role: str) -> Pool:
            url = databases.url(name, role)
            return await stack.enter_async_context(open_pool(url, connections=CONNECTIONS))

        projector = await pool("reporting_read", "projector")
        await load_places(projector, await pool("keystore", "reporting"), layout, places)
        owner = await pool("reporting_read", "owner")
        peer = await asking_trigrams(owner)
        await owner.execute("analyze")
        ours = asking_parley(Reader(await pool("reporting_read", "reader"), LabelBook()))

        async def ask(question: Question) -> Asked:
            return Asked(
                question, await timed(ours, question.text), await timed(peer, question.text)
            )

        yield ask


def _goals(known: Sequence[Asked], strange: Sequence[Asked]) -> list[Result]:
    ours, peer = _sides(known)
    ours_strange, peer_strange = _sides(strange)
    return [
        Result(
            f"one slip in a known name: the place is among the first {FIRST}",
            recall(ours), recall(peer), "share", RECALL,
        ),
        Result(
            "one slip in a known name: the first hit is another place",
            false_first(ours), false_first(peer), "share", FALSE_FIRST, lower_is_better=True,
        ),
        Result(
            "a name that is in no gazetteer here: there is a hit",
            false_first(ours_strange), false_first(peer_strange), "share", FALSE_FIRST,
            lower_is_better=True,
        ),
    ]  # fmt: skip


def _besides(known: Sequence[Asked], unseen: Sequence[Asked]) -> list[Result]:
    ours, peer = _sides(known)
    ours_unseen, peer_unseen = _sides(unseen)
    return [
        Result(
            f"one slip in a spelling never seen: among the first {FIRST}",
            recall(ours_unseen), recall(peer_unseen), "share",
        ),
        *(
            Result(f"answered within, p{at}", _percentile(ours, at), _percentile(peer, at), "ms")
            for at in (50, 95, 99)
        ),
        Result("questions about known names", len(known), len(known), "asked"),
    ]  # fmt: skip


def _sides(
    asked: Sequence[Asked],
) -> tuple[list[tuple[Question, Answer]], list[tuple[Question, Answer]]]:
    return [(one.question, one.ours) for one in asked], [(one.question, one.peer) for one in asked]


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts)


def _percentile(asked: Sequence[tuple[Question, Answer]], at: int) -> float:
    """In milliseconds."""
    return quantiles([answer.seconds * 1000 for _, answer in asked], n=100)[at - 1]
