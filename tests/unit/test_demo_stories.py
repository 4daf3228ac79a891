"""The demo's story: the same for the same moment, complete in states and groups, never ahead of itself."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from cli.demo import material
from cli.demo.composing import Cast
from cli.demo.stories import ENGAGEMENTS, Act, tell
from shared.api.engagements import Cancel, Debrief, PlanEngagement, RecordHeld
from shared.contracts.contacts import OrganisationKind
from shared.ids import Kind, RecordId

PRESENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def cast() -> Cast:
    organisations, counties = material.organisations(), material.counties()
    ids = {each.key: str(RecordId.new(Kind.ORGANISATION)) for each in organisations}
    ids |= {county.pcode: str(RecordId.new(Kind.PLACE)) for county in counties}
    return Cast(material.words(), organisations, counties, ids, frozenset({"negotiation_session"}))


@pytest.fixture(scope="module")
def acts(cast: Cast) -> list[Act]:
    return tell(cast, PRESENT)


def bodies(acts: list[Act], action: str) -> list[dict]:
    return [act.body for act in acts if act.action == action]


def test_the_story_is_the_same_every_time(cast: Cast, acts: list[Act]) -> None:
    assert tell(cast, PRESENT) == acts


def test_there_are_two_hundred_engagements_told_in_order_and_not_beyond_the_present(
    acts: list[Act],
) -> None:
    assert len({act.story for act in acts}) == ENGAGEMENTS
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert acts[-1].at <= PRESENT


def test_every_kind_of_organisation_and_forty_in_all() -> None:
    kinds = {organisation.kind for organisation in material.organisations()}
    assert kinds == set(OrganisationKind) - {OrganisationKind.UNKNOWN}
    assert len(material.organisations()) == 40


def test_every_step_and_every_group_of_fields_occurs(acts: list[Act]) -> None:
    steps = Counter(act.action for act in acts)
    told = {"create", "approve", "record_held", "confirm", "hold", "debrief", "cancel", "relabel"}
    assert told == {*steps}
    made = bodies(acts, "create")
    assert any(body.get("status") == "proposed" for body in made)
    assert any("own_side" in body for body in made)
    assert any("exact_place" in body for body in made)
    assert any("name" in participant for body in made for participant in body["participants"])
    assert any("source" in body for body in bodies(acts, "debrief"))


def test_an_engagement_of_several_steps_is_made_first(acts: list[Act]) -> None:
    first = {act.story: act.action for act in reversed(acts)}
    assert {*first.values()} == {"create", "record_held"}


@pytest.mark.parametrize(
    ("action", "request_model"),
    [
        ("create", PlanEngagement),
        ("record_held", RecordHeld),
        ("debrief", Debrief),
        ("cancel", Cancel),
    ],
)
def test_what_is_told_is_what_partners_may_send(
    acts: list[Act], action: str, request_model: type[PlanEngagement]
) -> None:
    assert [request_model.model_validate(body) for body in bodies(acts, action)]
