"""Every write in its fixed order of checks, once and once only."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import held_at
from shared.contracts.event import Group
from shared.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RejectedError,
)
from shared.event_meta import read_meta
from shared.ids import Kind, RecordId
from shared.record_state import UnknownEventError
from shared.roles import Role
from shared.trace import new_trace
from tests.unit.commands.talks import CallOff, Plan, Prepare
from tests.unit.commands.world import (
    CLERK,
    FOR_MIL,
    MISSION,
    OFFICER,
    OWNER_ONLY,
    STRANGER,
    World,
    wrong_fields,
)


async def test_a_new_record_is_created_and_owned_by_its_maker(world: World) -> None:
    outcome = await world.run(None, Plan(label=FOR_MIL))

    assert (outcome.outcome, outcome.version, outcome.position) == ("created", 1, 1)
    stored = await world.kit.store.load(str(outcome.id))
    meta = read_meta(stored[0].meta)
    assert (meta.owner, meta.by, meta.record) == (MISSION, "officer", outcome.id)


async def test_an_answer_names_the_groups_its_caller_reads(world: World) -> None:
    record_id = await world.plan()

    by_officer = await world.run(record_id, CallOff())
    by_clerk = await world.run(record_id, CallOff(), by=CLERK)

    assert Group.OWN_SIDE in by_officer.readable
    assert by_clerk.readable == (Group.BASE, Group.EXACT_PLACE)


async def test_a_repeated_request_is_answered_and_not_repeated(world: World) -> None:
    record_id = await world.plan()

    first = await world.run(record_id, Prepare("Ask for the road."), idempotency_key="k-1")
    again = await world.run(record_id, Prepare("Ask for the road."), idempotency_key="k-1")

    assert again == replace(first, replayed=True)
    assert len(await world.events(record_id)) == 2


async def test_a_repeated_creation_names_the_same_record(world: World) -> None:
    first = await world.run(None, Plan(), idempotency_key="k-1")
    again = await world.run(None, Plan(), idempotency_key="k-1")

    assert (again.id, again.replayed) == (first.id, True)


async def test_a_key_used_for_another_body_is_refused(world: World) -> None:
    await world.run(None, Plan(purpose="one"), idempotency_key="k-1")

    with pytest.raises(InvalidError) as refused:
        await world.run(None, Plan(purpose="two"), idempotency_key="k-1")

    assert refused.value.code == "idempotency_key_reused"


async def test_a_key_belongs_to_its_client(world: World) -> None:
    first = await world.run(None, Plan(), idempotency_key="k-1")
    other = await world.run(None, Plan(), by=CLERK, idempotency_key="k-1")

    assert other.id != first.id


async def test_a_replay_to_one_who_may_no_longer_read_is_not_found(world: World) -> None:
    await world.run(None, Plan(label=FOR_MIL), idempotency_key="k-1")
    demoted = replace(OFFICER, levels={"un": 1})

    with pytest.raises(NotFoundError):
        await world.run(None, Plan(label=FOR_MIL), by=demoted, idempotency_key="k-1")


async def test_the_same_command_at_once_runs_once(world: World) -> None:
    both = await asyncio.gather(
        world.run(None, Plan(), idempotency_key="k-1"),
        world.run(None, Plan(), idempotency_key="k-1"),
        return_exceptions=True,
    )

    refused = [one for one in both if isinstance(one, ConflictError)]
    assert [one.code for one in refused] == ["command_running"]
    assert (await world.kit.store.head()).position == 1


async def test_hidden_and_absent_are_the_same_answer(world: World) -> None:
    hidden = await world.plan(Plan(label=OWNER_ONLY))

    with pytest.raises(NotFoundError) as of_hidden:
        await world.run(hidden, CallOff(), by=STRANGER)
    with pytest.raises(NotFoundError) as of_absent:
        await world.run(RecordId.new(Kind.ENGAGEMENT), CallOff(), by=STRANGER)

    assert of_hidden.value.detail == of_absent.value.detail


async def test_not_found_comes_before_forbidden(world: World) -> None:
    hidden = await world.plan(Plan(label=OWNER_ONLY))

    with pytest.raises(NotFoundError):
        await world.run(hidden, CallOff(), by=replace(STRANGER, roles=frozenset()))


async def test_only_the_owner_changes_a_record(world: World) -> None:
    record_id = await world.plan()

    with pytest.raises(ForbiddenError):
        await world.run(record_id, CallOff(), by=STRANGER)


async def test_a_role_without_the_right_creates_nothing(world: World) -> None:
    administrator = replace(OFFICER, roles=frozenset({Role.ACCESS_ADMINISTRATOR}))

    with pytest.raises(ForbiddenError):
        await world.run(None, Plan(), by=administrator)

    assert (await world.kit.store.head()).position == 0


async def test_a_stale_version_is_a_conflict_before_any_rule(world: World) -> None:
    record_id = await world.plan()
    await world.run(record_id, CallOff())

    with pytest.raises(ConflictError) as refused:
        await world.run(record_id, Plan(), expected_version=1)

    assert refused.value.code == "version_conflict"


async def test_a_named_version_that_stands_is_accepted(world: World) -> None:
    record_id = await world.plan()

    outcome = await world.run(record_id, CallOff(), expected_version=1)

    assert outcome.version == 2


async def test_writers_at_once_all_succeed_when_none_names_a_version(world: World) -> None:
    record_id = await world.plan()

    outcomes = await asyncio.gather(
        world.run(record_id, Prepare("one")),
        world.run(record_id, Prepare("two")),
        world.run(record_id, Prepare("three")),
    )

    assert sorted(outcome.version for outcome in outcomes) == [2, 3, 4]


async def test_a_command_that_changes_nothing_is_remembered_and_appends_nothing(
    world: World,
) -> None:
    record_id = await world.plan()
    await world.run(record_id, CallOff())

    outcome = await world.run(record_id, CallOff(), idempotency_key="k-1")
    again = await world.run(record_id, CallOff(), idempotency_key="k-1")

    assert (outcome.outcome, outcome.version) == ("unchanged", 2)
    assert again.replayed


async def test_a_rule_that_says_no_changes_nothing(world: World) -> None:
    record_id = await world.plan()

    with pytest.raises(RejectedError):
        await world.run(record_id, Plan(label=FOR_MIL))

    assert await world.events(record_id) == ["engagement.planned.v1"]


async def test_validating_says_what_would_be_and_writes_nothing(world: World) -> None:
    outcome = await world.run(None, Plan(), validate_only=True)

    assert (outcome.outcome, outcome.validated) == ("created", True)
    assert (await world.kit.store.head()).position == 0


async def test_validating_finds_what_is_wrong(world: World) -> None:
    with pytest.raises(InvalidError):
        await world.run(None, Plan(talking_points="x"), by=CLERK, validate_only=True)


async def test_the_scenarios_clock_is_the_loaders_alone(world: World) -> None:
    then = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    loader = replace(OFFICER, roles=frozenset({Role.LOADER}), scenario_time=then)

    by_loader = await world.plan(by=loader)
    by_other = await world.plan(by=replace(OFFICER, scenario_time=then))

    assert (await world.kit.store.load(str(by_loader)))[0].recorded_at == then
    assert (await world.kit.store.load(str(by_other)))[0].occurred_at > then + timedelta(days=300)


async def test_the_scenario_does_not_run_ahead_of_the_world(world: World) -> None:
    now = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
    loader = replace(
        OFFICER, roles=frozenset({Role.LOADER}), scenario_time=now + timedelta(hours=1)
    )

    with held_at(now), pytest.raises(InvalidError) as refused:
        await world.plan(by=loader)

    assert wrong_fields(refused.value) == {"/scenario_time": "in_future"}


async def test_the_stored_event_shows_no_word_of_what_was_said(world: World) -> None:
    record_id = await world.plan(Plan(purpose="Canary-7", label=FOR_MIL, talking_points="Canary-8"))

    stored = await world.kit.store.load(str(record_id))

    assert not any(b"Canary" in one.data + one.meta for one in stored)


async def test_the_trace_is_kept_beside_the_event(world: World) -> None:
    span = new_trace()
    outcome = await world.run(None, Plan(), traceparent=str(span))

    stored = await world.kit.store.load(str(outcome.id))

    assert read_meta(stored[0].meta).traceparent == str(span)


async def test_an_unknown_event_on_our_own_stream_stops_the_write(world: World) -> None:
    record_id = await world.plan()
    older = replace(world, kit=replace(world.kit, vault=world.vault_knowing_nothing()))

    with pytest.raises(UnknownEventError):
        await older.run(record_id, CallOff())
