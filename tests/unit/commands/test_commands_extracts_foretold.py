"""Extracts before they are made, which are foretold, and after, when their sources change."""

import pytest

from shared.api.common import NewRecord
from shared.creating import check_extract, create
from shared.decider import Reference
from shared.errors import ForbiddenError, InvalidError
from shared.foretelling import Foretold
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.policy import WireLabel
from shared.principal import Principal
from shared.releasing import ApproveRelease, MarkRecord
from tests.unit.commands.talks import Plan, talks
from tests.unit.commands.test_commands_extracts import (
    CHIEF,
    FOR_ALL,
    MIL,
    MIL_AND_UN,
    OURS,
    asks,
    made,
    ran,
)
from tests.unit.commands.world import (
    AGENCY,
    OFFICER,
    STRANGER,
    World,
    request,
    wrong_fields,
)


@pytest.fixture
async def planned(world: World) -> RecordId:
    return await world.plan(Plan(label=MIL))


async def foretold(world: World, source: RecordId, wanted: WireLabel) -> Foretold:
    order, asked = Plan(purpose="Talks were held", label=wanted), NewRecord(extract_of=source)
    sent = request(order, OFFICER, validate_only=True, foretell=True)
    told = (await create(world.kit, talks, order, sent, asked)).foretold
    assert told
    return told


async def test_an_extract_is_foretold_as_it_would_be_made_and_nothing_is_written(
    world: World, planned: RecordId
) -> None:
    told = await foretold(world, planned, OURS)

    assert [event["type"] for event in told.events] == ["engagement.planned.v1"]
    assert told.events[0]["purpose"]["text"] == "Talks were held"
    assert (told.owner, told.needs) == (OFFICER.organisation, None)
    assert await world.events(told.id) == []
    assert await world.events(planned) == ["engagement.planned.v1"]


async def test_an_extract_that_must_be_asked_for_is_foretold_with_what_is_missing(
    world: World, planned: RecordId
) -> None:
    told = await foretold(world, planned, FOR_ALL)
    assert told.needs
    assert told.needs.code == "extract_needs_approval"

    await ran(world, planned, asks(MIL_AND_UN))
    await ran(world, planned, ApproveRelease(), CHIEF)

    assert (await foretold(world, planned, MIL_AND_UN)).needs is None
    beyond = (await foretold(world, planned, FOR_ALL)).needs
    assert beyond
    assert beyond.code == "extract_beyond_approval"


async def test_what_would_be_wrong_of_an_extract_is_wrong_when_it_is_foretold(
    world: World, planned: RecordId
) -> None:
    above = WireLabel(level="confidential", caveats=("OWN_SIDE",))
    with pytest.raises(InvalidError) as refused:
        await foretold(world, planned, above)
    assert wrong_fields(refused.value) == {"/label": "label_above_source"}
    with pytest.raises(InvalidError):
        await foretold(world, RecordId.new(Kind.ENGAGEMENT), OURS)


async def test_what_its_originator_controls_is_foretold_under_that_control(
    world: World, planned: RecordId
) -> None:
    world.references.known[AGENCY] = Reference(
        AGENCY, label({"un": 0}, [{"community:all"}]), "active"
    )
    await ran(world, planned, MarkRecord(originator=AGENCY, originator_control=True))

    told = await foretold(world, planned, OURS)

    assert told.needs
    assert [event["type"] for event in told.events][-1] == "record.marked.v1"


async def checked(
    world: World, source: RecordId, extract: RecordId, by: Principal = OFFICER
) -> str:
    sent = request(extract, by)
    return (await check_extract(world.kit, talks, source, extract, sent)).outcome


async def test_its_owner_says_that_an_extract_holds(world: World, planned: RecordId) -> None:
    extract = await made(world, planned)

    assert await checked(world, planned, extract) == "amended"

    assert (await world.events(planned))[-1] == "record.extract_checked.v1"
    assert await world.events(extract) == ["engagement.planned.v1"]


async def test_what_is_no_extract_of_it_and_what_is_hidden_are_not_told_apart(
    world: World, planned: RecordId
) -> None:
    hidden, plain = await world.plan(Plan(label=OURS), by=STRANGER), await world.plan(Plan())
    none = [hidden, plain, RecordId.new(Kind.ENGAGEMENT), RecordId.new(Kind.PERSON)]
    for one in none:
        with pytest.raises(InvalidError) as refused:
            await checked(world, planned, one)
        assert wrong_fields(refused.value) == {"/extract": "unknown_reference"}


async def test_only_the_owner_of_a_record_says_that_its_extract_holds(
    world: World, planned: RecordId
) -> None:
    free = WireLabel(level="confidential", releasable_to=(("mil",),))
    extract = await made(world, planned, free)
    with pytest.raises(ForbiddenError):
        await checked(world, planned, extract, STRANGER)
