"""More people see a record only when a second person of its owner says so, and its originator agrees."""

from dataclasses import replace

import pytest

from shared.api.releasing import Mark
from shared.contracts.event import Group
from shared.decider import Reference
from shared.errors import AppError, ForbiddenError, NotFoundError, RejectedError
from shared.ids import RecordId
from shared.labels import label
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.principal import Principal
from shared.releasing import (
    AgreeRelease,
    ApproveRelease,
    MarkRecord,
    RefuseRelease,
    RequestRelease,
    WithdrawRelease,
)
from shared.roles import Role
from tests.unit.commands.talks import Plan, Relabel
from tests.unit.commands.world import AGENCY, OFFICER, STRANGER, World

MIL = WireLabel(level="confidential", releasable_to=(("mil",),))
MIL_AND_UN = WireLabel(level="confidential", releasable_to=(("mil", "un"),))
CHIEF = replace(OFFICER, subject="chief", client="chief's", roles=frozenset({Role.OPERATIONS}))
# An organisation of the military, too: it reads what the officer plans.
ORIGINATOR = replace(
    STRANGER, subject="originator", client="originator's", roles=frozenset({Role.OPERATIONS})
)
UN_READER = replace(
    STRANGER, subject="reader", client="un", communities=frozenset({"un"}), caveats=frozenset()
)


@pytest.fixture
async def planned(world: World) -> RecordId:
    return await world.plan(Plan(label=MIL))


async def refusal(world: World, record_id: RecordId, order: object, by: Principal) -> AppError:
    with pytest.raises(AppError) as refused:
        await world.run(record_id, order, by=by)  # type: ignore[arg-type] # any kind takes these
    return refused.value


async def ran(world: World, record_id: RecordId, order: object, by: Principal = OFFICER) -> str:
    outcome = await world.run(record_id, order, by=by)  # type: ignore[arg-type] # see above
    return outcome.outcome


def asks() -> RequestRelease:
    return RequestRelease(LabelsAsked(MIL_AND_UN))


async def test_what_is_guarded_is_not_widened_by_one_person(
    world: World, planned: RecordId
) -> None:
    refused = await refusal(world, planned, Relabel(label=MIL_AND_UN), OFFICER)

    assert (type(refused), refused.code) == (RejectedError, "release_needs_approval")


async def test_a_label_is_raised_by_one_person_at_once(world: World, planned: RecordId) -> None:
    narrower = WireLabel(level="confidential", releasable_to=(("mil",), ("mission", "mil")))
    assert await ran(world, planned, Relabel(label=narrower)) == "amended"
    assert await ran(world, planned, Relabel(label=WireLabel(level="confidential"))) == "amended"


async def test_a_second_person_releases_what_the_first_asked_for(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, asks())
    own = await refusal(world, planned, ApproveRelease(), replace(CHIEF, subject="officer"))
    junior = await refusal(world, planned, ApproveRelease(), replace(OFFICER, subject="other"))
    assert (own.code, type(junior)) == ("second_person", ForbiddenError)
    hidden = await refusal(world, planned, ApproveRelease(), UN_READER)
    assert type(hidden) is NotFoundError

    assert await ran(world, planned, ApproveRelease(), CHIEF) == "amended"

    assert (await world.events(planned))[-2:] == [
        "record.release_requested.v1",
        "record.released.v1",
    ]
    # He reads it now, and still is nobody who releases it.
    assert type(await refusal(world, planned, ApproveRelease(), UN_READER)) is ForbiddenError


async def test_only_one_release_waits_and_asking_again_is_harmless(
    world: World, planned: RecordId
) -> None:
    await ran(world, planned, asks())
    assert await ran(world, planned, asks()) == "unchanged"
    other = RequestRelease(LabelsAsked(WireLabel(level="public")))
    assert type(await refusal(world, planned, other, OFFICER)) is RejectedError

    assert await ran(world, planned, WithdrawRelease()) == "amended"
    assert await ran(world, planned, WithdrawRelease()) == "unchanged"
    assert await ran(world, planned, other) == "amended"
    assert await ran(world, planned, RefuseRelease(), CHIEF) == "amended"
    refused = await refusal(world, planned, ApproveRelease(), CHIEF)
    assert refused.code == "no_release_waits"


async def test_a_release_that_shows_it_to_nobody_new_is_none(
    world: World, planned: RecordId
) -> None:
    nothing = RequestRelease(LabelsAsked(WireLabel(level="confidential")))
    assert (await refusal(world, planned, nothing, OFFICER)).code == "releases_nothing"


async def test_a_recall_ends_what_waits(world: World, planned: RecordId) -> None:
    await ran(world, planned, asks())
    await ran(world, planned, Relabel(label=WireLabel(level="confidential")))

    refused = await refusal(world, planned, ApproveRelease(), CHIEF)

    assert refused.code == "no_release_waits"


async def test_a_group_that_the_asker_cannot_read_is_unknown_to_him(
    world: World, planned: RecordId
) -> None:
    clerk = replace(OFFICER, subject="clerk", caveats=frozenset())
    own_side = RequestRelease(LabelsAsked(None, {Group.OWN_SIDE: WireLabel(level="public")}))

    refused = await refusal(world, planned, own_side, clerk)

    assert [wrong.code for wrong in refused.errors] == ["unknown_field"]


async def test_what_an_originator_controls_waits_for_the_originator(
    world: World, planned: RecordId
) -> None:
    readable = label({"un": 0}, [{"community:all"}])
    world.references.known[AGENCY] = Reference(AGENCY, readable, "active")
    await ran(world, planned, MarkRecord(originator=AGENCY, originator_control=True))
    await ran(world, planned, asks())
    early = await refusal(world, planned, ApproveRelease(), CHIEF)
    stranger = await refusal(world, planned, AgreeRelease(), CHIEF)
    lifted = await refusal(world, planned, MarkRecord(), OFFICER)
    assert (early.code, type(stranger)) == ("originator_has_not_agreed", ForbiddenError)
    assert type(lifted) is RejectedError

    assert await ran(world, planned, AgreeRelease(), ORIGINATOR) == "amended"
    assert await ran(world, planned, ApproveRelease(), CHIEF) == "amended"


def test_a_request_to_mark_knows_its_tags() -> None:
    with pytest.raises(ValueError, match="tags"):
        Mark.model_validate({"tags": ["SECRET-PLAN"]})


async def test_an_originator_refuses_what_is_asked_of_it_and_nobody_elses_originator_does(
    world: World, planned: RecordId
) -> None:
    readable = label({"un": 0}, [{"community:all"}])
    world.references.known[AGENCY] = Reference(AGENCY, readable, "active")
    await ran(world, planned, asks())
    stranger = await refusal(world, planned, RefuseRelease(), ORIGINATOR)
    assert type(stranger) is ForbiddenError
    await ran(world, planned, MarkRecord(originator=AGENCY, originator_control=True))

    assert await ran(world, planned, RefuseRelease(), ORIGINATOR) == "amended"
    assert (await refusal(world, planned, ApproveRelease(), CHIEF)).code == "no_release_waits"
