"""What a caller may write by label: groups he reads, labels he could read back, records he knows."""

import pytest

from shared.contracts.event import Group
from shared.decider import Reference
from shared.errors import (
    InvalidError,
    NotFoundError,
)
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.policy import WireLabel
from tests.unit.commands.talks import CallOff, Plan, Prepare, Relabel
from tests.unit.commands.world import (
    AGENCY,
    CLERK,
    FOR_MIL,
    OWNER_ONLY,
    POLICY,
    STRANGER,
    World,
    wrong_fields,
)


async def test_a_group_its_caller_does_not_read_is_an_unknown_field(world: World) -> None:
    record_id = await world.plan()

    with pytest.raises(InvalidError) as refused:
        await world.run(record_id, Prepare("Ask for the road."), by=CLERK)

    assert wrong_fields(refused.value) == {"/own_side": "unknown_field"}


async def test_a_new_record_takes_no_group_its_maker_does_not_read(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        await world.run(None, Plan(talking_points="Ask for the road."), by=CLERK)

    assert wrong_fields(refused.value) == {"/own_side": "unknown_field"}


async def test_defaults_above_the_maker_do_not_hinder_him(world: World) -> None:
    outcome = await world.run(None, Plan(label=FOR_MIL), by=CLERK)

    assert Group.OWN_SIDE not in outcome.readable


@pytest.mark.parametrize(
    ("wanted", "pointer", "code"),
    [
        (WireLabel(level="strictly_confidential"), "/label/level", "label_above_clearance"),
        (WireLabel(level="public", caveats=("SOURCE",)), "/label", "label_not_readable"),
        (WireLabel(level="secret"), "/label/level", "unknown_level"),
        (
            WireLabel(level="public", releasable_to=(("x",),)),
            "/label/releasable_to/0",
            "unknown_audience",
        ),
    ],
)
async def test_nobody_writes_what_he_could_not_read_back(
    world: World, wanted: WireLabel, pointer: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        await world.run(None, Plan(label=wanted))

    assert wrong_fields(refused.value) == {pointer: code}


async def test_nobody_labels_a_group_beyond_himself(world: World) -> None:
    beyond = {Group.IDENTITY: WireLabel(level="strictly_confidential")}

    with pytest.raises(InvalidError) as refused:
        await world.run(None, Plan(label=FOR_MIL, group_labels=beyond))

    assert wrong_fields(refused.value) == {"/group_labels/identity/level": "label_above_clearance"}


async def test_a_hidden_groups_label_is_an_unknown_field_even_when_guessed_right(
    world: World,
) -> None:
    record_id = await world.plan()
    default = POLICY.defaults[Kind.ENGAGEMENT][Group.OWN_SIDE]

    with pytest.raises(InvalidError) as refused:
        await world.run(record_id, Relabel(group_labels={Group.OWN_SIDE: default}), by=CLERK)

    assert wrong_fields(refused.value) == {"/group_labels/own_side": "unknown_field"}


async def test_a_relabelled_record_is_gone_for_those_it_is_no_longer_for(world: World) -> None:
    record_id = await world.plan()
    await world.run(record_id, Relabel(label=OWNER_ONLY))

    with pytest.raises(NotFoundError):
        await world.run(record_id, CallOff(), by=STRANGER)


@pytest.mark.parametrize("case", ["hidden", "retired", "unknown"])
async def test_references_one_may_not_use_all_answer_alike(world: World, case: str) -> None:
    other = RecordId.new(Kind.ORGANISATION)
    secret = label({"un": 3}, [{f"org:{AGENCY}"}])
    public = label({"un": 0}, [{"community:all"}])
    known = {
        "hidden": {other: Reference(other, secret, "active")},
        "retired": {other: Reference(other, public, "retired")},
        "unknown": {},
    }
    world.references.known |= known[case]

    with pytest.raises(InvalidError) as refused:
        await world.run(None, Plan(counterpart=other))

    assert wrong_fields(refused.value) == {"/counterpart": "unknown_reference"}


async def test_a_reference_the_caller_reads_is_accepted(world: World) -> None:
    other = RecordId.new(Kind.ORGANISATION)
    public = label({"un": 0}, [{"community:all"}])
    world.references.known[other] = Reference(other, public, "active")

    outcome = await world.run(None, Plan(counterpart=other))

    assert outcome.outcome == "created"
