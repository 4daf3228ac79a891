"""The label of a record changes by itself on the dates its owner set, and by nobody's word alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import held_at, utc_now
from shared.commands_apply import load
from shared.contracts.event import Group
from shared.dating import ScheduleLabel, TakeEffect
from shared.decider import Reference
from shared.errors import AppError, RejectedError
from shared.handling import Dates
from shared.ids import RecordId
from shared.labels import label, reads
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.principal import Principal
from shared.releasing import ApproveRelease, MarkRecord, RequestRelease
from shared.roles import Role
from tests.unit.commands.talks import Plan, Relabel, talks
from tests.unit.commands.world import AGENCY, OFFICER, STRANGER, World, wrong_fields

CHIEF = replace(OFFICER, subject="chief", client="chief's", roles=frozenset({Role.OPERATIONS}))
UN_READER = replace(STRANGER, communities=frozenset({"un"}))
OPEN_TO_MIL = WireLabel(level="unclassified", releasable_to=(("mil",),))
OPEN_TO_UN = LabelsAsked(WireLabel(level="unclassified", releasable_to=(("mil", "un"),)))
GUARDED = WireLabel(level="confidential", releasable_to=(("mil",),))
GUARDED_TO_UN = LabelsAsked(WireLabel(level="confidential", releasable_to=(("mil", "un"),)))
SOON = utc_now().replace(microsecond=0) + timedelta(days=1)
LATER = SOON + timedelta(days=1)


@pytest.fixture
async def planned(world: World) -> RecordId:
    return await world.plan(Plan(label=OPEN_TO_MIL))


async def ran(world: World, record_id: RecordId, order: object, by: Principal = OFFICER) -> str:
    outcome = await world.run(record_id, order, by=by)  # type: ignore[arg-type] # any kind takes these
    return outcome.outcome


async def refused(world: World, record_id: RecordId, order: object) -> AppError:
    with pytest.raises(AppError) as error:
        await ran(world, record_id, order)
    return error.value


async def readers(world: World, record_id: RecordId) -> list[str]:
    """Of the owner, a neighbour in the military and one of the agencies, who reads the record."""
    labels = (await load(world.kit, talks, record_id, OFFICER)).labels
    everybody = {"owner": OFFICER, "mil": STRANGER, "un": UN_READER}
    base = labels[Group.BASE]
    return [name for name, one in everybody.items() if reads(one.clearance, base)]


async def at(world: World, record_id: RecordId, moment: datetime) -> str:
    with held_at(moment):
        return await ran(world, record_id, TakeEffect())


async def test_more_people_read_it_from_its_declassify_date_and_its_owner_alone_once_it_expired(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, ScheduleLabel(SOON, OPEN_TO_UN, LATER))
    assert await at(world, planned, SOON - timedelta(seconds=1)) == "unchanged"
    assert await readers(world, planned) == ["owner", "mil"]
    assert await at(world, planned, SOON) == "amended"
    assert await readers(world, planned) == ["owner", "mil", "un"]
    assert await at(world, planned, SOON) == "unchanged"
    assert await at(world, planned, LATER) == "amended"
    assert await readers(world, planned) == ["owner"]
    assert (await world.events(planned))[-3:] == [
        "record.scheduled.v1",
        "record.declassified.v1",
        "record.expired.v1",
    ]


async def test_when_both_dates_passed_unnoticed_it_is_not_opened_for_a_moment(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, ScheduleLabel(SOON, OPEN_TO_UN, LATER))
    assert await at(world, planned, LATER) == "amended"
    assert (await world.events(planned))[-1] == "record.expired.v1"
    assert await at(world, planned, LATER) == "unchanged"


async def test_what_is_guarded_is_not_declassified_on_one_persons_word(world: World) -> None:
    guarded = await world.plan(Plan(label=GUARDED))
    alone = await refused(world, guarded, ScheduleLabel(SOON, GUARDED_TO_UN))
    assert (type(alone), alone.code) == (RejectedError, "release_needs_approval")

    await ran(world, guarded, RequestRelease(GUARDED_TO_UN, at=SOON))
    assert await ran(world, guarded, ApproveRelease(), CHIEF) == "amended"
    assert await readers(world, guarded) == ["owner", "mil"]
    assert await at(world, guarded, SOON) == "amended"
    assert await readers(world, guarded) == ["owner", "mil", "un"]


async def test_an_expiry_is_set_beside_a_declassification_that_was_approved(world: World) -> None:
    guarded = await world.plan(Plan(label=GUARDED))
    await ran(world, guarded, RequestRelease(GUARDED_TO_UN, at=SOON))
    await ran(world, guarded, ApproveRelease(), CHIEF)
    sooner = await refused(
        world, guarded, ScheduleLabel(SOON - timedelta(hours=1), GUARDED_TO_UN, LATER)
    )
    assert sooner.code == "release_needs_approval"

    assert await ran(world, guarded, ScheduleLabel(SOON, GUARDED_TO_UN, LATER)) == "amended"


async def test_another_label_ends_a_declassification_to_come_and_leaves_the_expiry(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, ScheduleLabel(SOON, OPEN_TO_UN, LATER))
    await ran(world, planned, Relabel(label=GUARDED))

    assert await at(world, planned, SOON) == "unchanged"
    record = await load(world.kit, talks, planned, OFFICER)
    assert record.handling.dates == Dates(expires_at=LATER)


async def test_dates_lie_ahead_in_order_and_with_a_label(world: World, planned: RecordId) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    wrong = [
        (ScheduleLabel(past, OPEN_TO_UN), {"/declassify_at": "in_past"}),
        (ScheduleLabel(expires_at=past), {"/expires_at": "in_past"}),
        (ScheduleLabel(LATER, OPEN_TO_UN, SOON), {"/expires_at": "out_of_order"}),
        (ScheduleLabel(SOON), {"/label": "missing"}),
        (ScheduleLabel(labels=OPEN_TO_UN), {"/declassify_at": "missing"}),
    ]
    told = [wrong_fields(await refused(world, planned, order)) for order, _ in wrong]
    assert told == [fields for _, fields in wrong]
    narrower = LabelsAsked(WireLabel(level="unclassified"))
    assert (await refused(world, planned, ScheduleLabel(SOON, narrower))).code == "releases_nothing"


async def test_dates_set_again_the_same_are_no_news_and_are_taken_back_by_none(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, ScheduleLabel(SOON, OPEN_TO_UN))
    assert await ran(world, planned, ScheduleLabel(SOON, OPEN_TO_UN)) == "unchanged"
    assert await ran(world, planned, ScheduleLabel()) == "amended"
    assert await at(world, planned, SOON) == "unchanged"


async def test_what_an_originator_controls_is_widened_by_no_date_and_no_label_of_the_owners(
    world: World, planned: RecordId
) -> None:
    readable = label({"un": 0}, [{"community:all"}])
    world.references.known[AGENCY] = Reference(AGENCY, readable, "active")
    await ran(world, planned, MarkRecord(originator=AGENCY, originator_control=True))

    for order in (ScheduleLabel(SOON, OPEN_TO_UN), Relabel(label=OPEN_TO_UN.label)):
        assert (await refused(world, planned, order)).code == "release_needs_approval"
