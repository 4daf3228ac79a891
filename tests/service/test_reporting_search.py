"""People and places under any spelling, and nothing of what a reader may not read."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from services.reporting.digest import digest_of
from services.reporting.filters import Filters, Page
from services.reporting.queries.names import suggested
from services.reporting.queries.records import list_records
from shared.contracts.contacts import (
    OrganisationMerged,
    OrganisationRelabelled,
    PlaceLevel,
    PlaceRegistered,
)
from shared.contracts.event import DomainEvent, Group
from shared.contracts.people import PersonNamed, PersonRegistered
from shared.ids import Kind
from shared.labels import Label, to_json
from shared.principal import Principal
from shared.values import Alias, Name, Text
from tests.service.reporting_world import (
    ALL,
    MIL,
    World,
    open_world,
    planned,
    reader,
    registered,
    with_organisation,
)

SOLDIER, AGENCY = reader("mil"), reader("un")


@pytest.fixture
async def world(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        yield opened


def place(name: str, *others: str, base: Label = ALL) -> DomainEvent:
    return PlaceRegistered(
        name=Name(text=name),
        alternative_names=tuple(Name(text=other) for other in others),
        level=PlaceLevel.SETTLEMENT,
        labels={Group.BASE: to_json(base)},
    )


def person(base: Label = ALL, identity: Label = MIL) -> DomainEvent:
    named = {Group.IDENTITY: to_json(identity), Group.PROTOCOL: to_json(identity)}
    return PersonRegistered(
        described_as=Text(text="Paramount chief, Akobo", lang="en"),
        labels={Group.BASE: to_json(base), Group.PRIVATE: to_json(identity)} | named,
    )


def named(name: str, *aliases: Alias) -> DomainEvent:
    return PersonNamed(name=Name(text=name), aliases=aliases)


async def propose(world: World, principal: Principal, q: str, *kinds: str) -> list[Any]:
    async with world.snapshot(principal) as snapshot:
        rows = await suggested(snapshot, q, kinds, 10)
    return [(row["title"], row["name"]) for row in rows]


async def best_first(world: World, principal: Principal, q: str) -> list[str]:
    async with world.snapshot(principal) as snapshot:
        found = await list_records(snapshot, Filters(q=q), Page(sort="relevance"))
    return [orjson.loads(row["doc"])["title"]["text"] for row in found.rows]


@pytest.fixture(scope="module")
async def gazetteer(postgres, layout) -> AsyncIterator[World]:
    async with open_world(postgres, layout) as opened:
        await opened.append(Kind.PLACE, place("Baydhaba", "Baidoa"))
        await opened.append(Kind.PLACE, place("Baardheere", "Bardhere"))
        await opened.append(Kind.PLACE, place("Xudur", "Hudur"))
        await opened.catch_up()
        yield opened


@pytest.mark.parametrize(
    "asked", ["Baydhaba", "baidoa", "BAYDABA", "Baydhba", "Baydahba", "Báydhabo", "بيدوا"]
)
async def test_a_place_is_found_under_any_spelling(gazetteer: World, asked: str) -> None:
    assert (await propose(gazetteer, AGENCY, asked))[0][0] == "Baydhaba"
    assert (await best_first(gazetteer, AGENCY, asked))[0] == "Baydhaba"


async def test_the_very_name_goes_before_what_begins_so_before_what_is_near(world: World) -> None:
    for name in ("Karam", "Karan Town", "Karan", "Hargeysa"):
        await world.append(Kind.PLACE, place(name))
    await world.catch_up()
    assert [title for title, _ in await propose(world, AGENCY, "karan")] == [
        "Karan",
        "Karan Town",
        "Karam",
    ]
    assert await best_first(world, AGENCY, "karan") == ["Karan", "Karan Town", "Karam"]


async def test_a_person_is_found_by_the_names_the_reader_reads(world: World) -> None:
    latin = Alias(name=Name(text="محمد"), transliteration="Mohamed")
    known = await world.append(Kind.PERSON, person(), named("Invented Deng", latin))
    await world.catch_up()
    title = "Paramount chief, Akobo"
    assert [found for found, _ in await propose(world, SOLDIER, "muhammad")] == [title]
    assert await propose(world, SOLDIER, "mohammed") == [(title, "Mohamed")]
    assert await propose(world, SOLDIER, "محمد", "person") == [(title, "محمد")]
    assert await propose(world, SOLDIER, "muhammad", "place") == []
    assert await propose(world, AGENCY, "muhammad") == []
    assert await world.list(AGENCY, q="invented deng") == []
    assert await world.list(SOLDIER, q="inventd deng") == [str(known)]


async def test_an_arabic_name_is_found_by_a_latin_spelling_nobody_gave(world: World) -> None:
    await world.append(Kind.PERSON, person(identity=ALL), named("أحمد حسين"))
    await world.catch_up()
    assert [name for _, name in await propose(world, AGENCY, "Ahmed Hussein")] == ["أحمد حسين"]


async def test_words_are_found_in_another_form(world: World) -> None:
    held = await world.append(Kind.ENGAGEMENT, planned("Cattle corridor talks", base=ALL))
    await world.catch_up()
    assert await world.list(AGENCY, q="corridors talking") == [str(held)]


async def test_the_name_of_a_merged_organisation_leads_to_the_one_it_was_merged_into(
    world: World,
) -> None:
    kept = await world.append(Kind.ORGANISATION, registered("Fictional Herders"))
    merged = OrganisationMerged(into=kept, labels={Group.BASE: to_json(ALL)})
    gone = await world.append(Kind.ORGANISATION, registered("Nomad Union"), merged)
    met = await world.append(
        Kind.ENGAGEMENT, planned(base=ALL, participants=with_organisation(kept))
    )
    await world.catch_up()
    assert await propose(world, AGENCY, "nomad unoin") == [("Fictional Herders", "Nomad Union")]
    assert set(await world.list(AGENCY, q="nomad")) == {str(kept), str(gone), str(met)}


async def test_a_hidden_merge_leads_nowhere(world: World) -> None:
    kept = await world.append(Kind.ORGANISATION, registered("Secret Herders", MIL))
    merged = OrganisationMerged(into=kept, labels={Group.BASE: to_json(MIL)})
    await world.append(Kind.ORGANISATION, registered("Nomad Union"), merged)
    await world.catch_up()
    assert await propose(world, AGENCY, "nomad union") == []
    assert await world.list(AGENCY, q="nomad") == []


async def told(world: World, principal: Principal) -> list[Any]:
    """All that search says of these questions."""
    questions = ("baidoa", "invented", "herders", "malakal", "paramount chief", "baydhba")
    return [
        [await propose(world, principal, q), await best_first(world, principal, q)]
        for q in questions
    ]


async def test_what_is_hidden_changes_no_answer_and_no_order(world: World) -> None:
    await world.append(Kind.PLACE, place("Baydhaba", "Baidoa"))
    chief = await world.append(Kind.PERSON, person())
    await world.append(Kind.ORGANISATION, registered("Invented Relief"))
    await world.catch_up()
    before = await told(world, AGENCY)
    await world.append(Kind.PLACE, place("Baidoa", base=MIL))
    await world.append(chief, named("Baidoa Herders"))
    secret = await world.append(Kind.ORGANISATION, registered("Herders", MIL))
    shown = planned("Malakl talks", base=MIL, participants=with_organisation(secret))
    await world.append(Kind.ENGAGEMENT, shown)
    await world.catch_up()
    assert await told(world, AGENCY) == before
    assert await told(world.without_predicate(), AGENCY) == before


async def test_an_override_takes_a_name_away_at_once(world: World) -> None:
    shown = await world.append(Kind.ORGANISATION, registered("Invented Relief"))
    await world.catch_up()
    await world.append(shown, OrganisationRelabelled(labels={Group.BASE: to_json(MIL)}))
    await world.override()
    assert await propose(world, AGENCY, "invented releif") == []
    assert await world.list(AGENCY, q="invented releif") == []
    assert await propose(world, SOLDIER, "invented releif") != []


async def test_a_rebuilt_generation_knows_the_same_names(world: World) -> None:
    await world.append(Kind.PLACE, place("Baydhaba", "Baidoa"))
    await world.append(Kind.PERSON, person(), named("Invented Deng"))
    await world.catch_up()
    await world.projector.execute("select create_generation(2)")
    await world.catch_up(2, at_once=1)
    async with world.projector.acquire() as connection:
        live, anew = await digest_of(connection, 1), await digest_of(connection, 2)
    assert live["names"] == anew["names"]
    assert live == anew
