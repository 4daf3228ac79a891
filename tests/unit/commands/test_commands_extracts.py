"""An extract is a new record, made freely of what is free, and of what is guarded once it is allowed."""

from dataclasses import replace

import pytest

from shared.api.common import NewRecord
from shared.contracts.event import Group
from shared.creating import create
from shared.decider import Reference
from shared.errors import AppError, ForbiddenError, InvalidError, RejectedError
from shared.extracting import RequestExtract
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.principal import Principal
from shared.releasing import (
    AgreeRelease,
    ApproveRelease,
    MarkRecord,
    RefuseRelease,
    WithdrawRelease,
)
from shared.roles import Role
from tests.unit.commands.talks import Plan, Relabel, talks
from tests.unit.commands.world import AGENCY, OFFICER, STRANGER, World, request, wrong_fields

MIL = WireLabel(level="confidential", releasable_to=(("mil",),))
OURS = WireLabel(level="confidential")
FOR_ALL = WireLabel(level="unclassified", releasable_to=(("all",),))
MIL_AND_UN = WireLabel(level="confidential", releasable_to=(("mil", "un"),))
CHIEF = replace(OFFICER, subject="chief", client="chief's", roles=frozenset({Role.OPERATIONS}))
ORIGINATOR = replace(
    STRANGER, subject="originator", client="originator's", roles=frozenset({Role.OPERATIONS})
)


@pytest.fixture
async def planned(world: World) -> RecordId:
    return await world.plan(Plan(label=MIL))


async def made(
    world: World,
    source: RecordId,
    wanted: WireLabel = OURS,
    by: Principal = OFFICER,
    **more: object,
) -> RecordId:
    order = Plan(purpose="Talks were held", label=wanted)
    asked = NewRecord(extract_of=source)
    return (await create(world.kit, talks, order, request(order, by, **more), asked)).id


async def refusal(
    world: World, source: RecordId, wanted: WireLabel = OURS, by: Principal = OFFICER
) -> AppError:
    with pytest.raises(AppError) as refused:
        await made(world, source, wanted, by)
    return refused.value


async def ran(world: World, record_id: RecordId, order: object, by: Principal = OFFICER) -> str:
    return (await world.run(record_id, order, by=by)).outcome  # type: ignore[arg-type] # any kind takes these


def asks(wanted: WireLabel = FOR_ALL) -> RequestExtract:
    return RequestExtract(LabelsAsked(wanted))


async def test_an_extract_for_our_own_eyes_is_made_freely_and_says_nothing_of_its_source(
    world: World, planned: RecordId
) -> None:
    extract = await made(world, planned)

    assert await world.events(extract) == ["engagement.planned.v1"]
    assert (await world.events(planned))[-1] == "record.extracted.v1"
    (first,) = await world.kit.store.load(str(extract))
    assert str(planned).encode() not in first.data + first.meta


async def test_an_extract_that_is_sent_twice_is_made_once(world: World, planned: RecordId) -> None:
    first = await made(world, planned, idempotency_key="the same")
    again = await made(world, planned, idempotency_key="the same")

    assert first == again
    assert (await world.events(planned)).count("record.extracted.v1") == 1


async def test_an_extract_is_made_once_though_the_first_try_ended_between_its_two_streams(
    world: World, planned: RecordId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("shared.creating.write", _ends)
        with pytest.raises(ConnectionError):
            await made(world, planned, idempotency_key="the same")
    assert (await world.events(planned))[-1] == "record.extracted.v1"

    extract = await made(world, planned, idempotency_key="the same")

    assert await world.events(extract) == ["engagement.planned.v1"]
    told = [e for e in await world.kit.store.load(str(planned)) if e.type == "record.extracted.v1"]
    assert [str(extract).encode() in one.data for one in told] == [True]


async def _ends(*_: object) -> None:
    raise ConnectionError


async def test_validating_an_extract_writes_nothing(world: World, planned: RecordId) -> None:
    extract = await made(world, planned, validate_only=True)

    assert await world.events(extract) == []
    assert await world.events(planned) == ["engagement.planned.v1"]


async def test_a_hidden_source_is_an_absent_one(world: World) -> None:
    hidden = await world.plan(Plan(label=OURS), by=STRANGER)
    absent, other = RecordId.new(Kind.ENGAGEMENT), RecordId.new(Kind.PERSON)

    told = [await refusal(world, one) for one in (hidden, absent, other)]

    assert {type(one) for one in told} == {InvalidError}
    assert [wrong_fields(one) for one in told] == [{"/extract_of": "unknown_reference"}] * 3


async def test_only_the_owner_makes_extracts(world: World, planned: RecordId) -> None:
    assert type(await refusal(world, planned, by=STRANGER)) is ForbiddenError


async def test_who_reads_the_record_for_its_owner_can_read_the_extract(
    world: World, planned: RecordId
) -> None:
    above = WireLabel(level="confidential", caveats=("OWN_SIDE",))

    assert wrong_fields(await refusal(world, planned, above)) == {"/label": "label_above_source"}


async def test_what_is_guarded_is_told_to_more_people_once_a_second_person_allows_it(
    world: World, planned: RecordId
) -> None:
    assert (await refusal(world, planned, FOR_ALL)).code == "extract_needs_approval"
    await ran(world, planned, asks())
    assert await ran(world, planned, asks()) == "unchanged"
    with pytest.raises(RejectedError, match="second person"):
        await ran(world, planned, ApproveRelease(), replace(CHIEF, subject="officer"))
    assert (await refusal(world, planned, FOR_ALL)).code == "extract_needs_approval"
    await ran(world, planned, ApproveRelease(), CHIEF)

    extract = await made(world, planned, FOR_ALL)

    assert await world.events(extract) == ["engagement.planned.v1"]
    assert (await world.events(planned))[-3:] == [
        "record.extract_requested.v1",
        "record.extract_allowed.v1",
        "record.extracted.v1",
    ]
    assert (await refusal(world, planned, FOR_ALL)).code == "extract_needs_approval"


async def test_no_more_than_was_approved_is_told(world: World, planned: RecordId) -> None:
    await ran(world, planned, asks(MIL_AND_UN))
    await ran(world, planned, ApproveRelease(), CHIEF)

    assert (await refusal(world, planned, FOR_ALL)).code == "extract_beyond_approval"
    assert await world.events(await made(world, planned, MIL_AND_UN))


async def test_an_approval_ends_with_the_label_it_was_given_for(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, asks())
    await ran(world, planned, ApproveRelease(), CHIEF)
    await ran(world, planned, Relabel(label=OURS))

    assert (await refusal(world, planned, FOR_ALL)).code == "extract_needs_approval"


async def test_a_request_is_refused_and_withdrawn_as_one_for_a_release_is(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, asks())
    await ran(world, planned, RefuseRelease(), CHIEF)
    assert (await refusal(world, planned, FOR_ALL)).code == "extract_needs_approval"
    await ran(world, planned, asks())
    assert await ran(world, planned, WithdrawRelease()) == "amended"


async def test_what_needs_no_approval_is_not_asked_for(world: World, planned: RecordId) -> None:
    with pytest.raises(RejectedError) as refused:
        await ran(world, planned, asks(OURS))
    assert refused.value.code == "needs_no_approval"


async def test_a_label_of_a_group_the_asker_does_not_read_asks_for_no_approval(
    world: World,
) -> None:
    """What our own side prepared is guarded more closely than by default: he is not to learn of it."""
    both = ("OWN_SIDE", "PROTECTION")
    closely = {Group.OWN_SIDE: WireLabel(level="confidential", caveats=both)}
    chief = replace(CHIEF, caveats=frozenset(both))
    open_ = WireLabel(level="public", releasable_to=(("mil",),))
    guarded = await world.plan(Plan(label=open_, group_labels=closely), by=chief)
    clerk = replace(OFFICER, subject="clerk", caveats=frozenset())

    assert await world.events(await made(world, guarded, open_, by=clerk))


async def test_what_an_originator_controls_is_extracted_once_the_originator_agrees(
    world: World, planned: RecordId
) -> None:
    readable = label({"un": 0}, [{"community:all"}])
    world.references.known[AGENCY] = Reference(AGENCY, readable, "active")
    await ran(world, planned, MarkRecord(originator=AGENCY, originator_control=True))
    assert (await refusal(world, planned, OURS)).code == "extract_needs_approval"
    await ran(world, planned, asks())
    with pytest.raises(RejectedError, match="originator"):
        await ran(world, planned, ApproveRelease(), CHIEF)
    assert await ran(world, planned, AgreeRelease(), ORIGINATOR) == "amended"
    await ran(world, planned, ApproveRelease(), CHIEF)

    extract = await made(world, planned, FOR_ALL)

    assert await world.events(extract) == ["engagement.planned.v1", "record.marked.v1"]
    with pytest.raises(RejectedError, match="originator"):
        await ran(world, extract, MarkRecord())
    wider = WireLabel(level="public", releasable_to=(("all",),))
    with pytest.raises(RejectedError) as alone:
        await ran(world, extract, Relabel(label=wider))
    assert alone.value.code == "release_needs_approval"
