"""The demo's story: the same for the same moment, complete in states and groups, never ahead of itself."""

from datetime import UTC, datetime

import pytest

from cli.demo import material
from cli.demo.acts import Act, resolved
from cli.demo.composing import Cast
from cli.demo.people import holders, people, person_body, post_body
from cli.demo.stories import tell
from shared.api.commitments import Dispute, GiveCommitment, Keep, NoteProgress, Renegotiate
from shared.api.engagements import Cancel, Debrief, PlanEngagement, RecordHeld
from shared.api.people import CreatePost, RegisterPerson, TakePost
from shared.contracts.contacts import OrganisationKind
from shared.ids import Kind, RecordId

PRESENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def cast() -> Cast:
    organisations, counties = material.organisations(), material.counties()
    ids = {each.key: str(RecordId.new(Kind.ORGANISATION)) for each in organisations}
    ids |= {county.pcode: str(RecordId.new(Kind.PLACE)) for county in counties}
    ids |= {person.key: str(RecordId.new(Kind.PERSON)) for person in people()}
    known = {"eastern-front": ["adut-wolmarik"]}
    return Cast(
        material.words(), organisations, counties, ids, frozenset({"negotiation_session"}), known
    )


@pytest.fixture(scope="module")
def acts(cast: Cast) -> list[Act]:
    return tell(cast, PRESENT)


def bodies(acts: list[Act], action: str, plural: str = "engagements") -> list[dict]:
    return [act.body for act in acts if (act.action, act.plural) == (action, plural)]


def made(acts: list[Act], plural: str) -> set[str]:
    return {act.subject for act in acts if act.plural == plural}


def met(acts: list[Act]) -> dict[str, list]:
    """Participants of the told engagements, by subject."""
    begun = [act for act in acts if act.action in ("create", "record_held")]
    return {act.subject: act.body["participants"] for act in begun if act.plural == "engagements"}


def test_the_story_is_the_same_every_time(cast: Cast, acts: list[Act]) -> None:
    assert tell(cast, PRESENT) == acts


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_at_what_hour_it_is_told_changes_nothing_of_who_met_whom(
    cast: Cast, acts: list[Act], hour: int
) -> None:
    first, second = met(acts), met(tell(cast, PRESENT.replace(hour=hour)))
    both = first.keys() & second.keys()
    assert len(both) >= 290
    assert {one: first[one] for one in both} == {one: second[one] for one in both}


def test_all_is_told_in_order_and_not_beyond_the_present(acts: list[Act]) -> None:
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert acts[-1].at <= PRESENT


def test_there_are_three_hundred_engagements_and_a_hundred_and_fifty_commitments(
    acts: list[Act],
) -> None:
    assert len(made(acts, "engagements")) >= 300
    assert len(made(acts, "commitments")) >= 150


def test_there_are_sixty_people_and_everyone_can_be_registered(cast: Cast) -> None:
    assert len(people()) == len({person.key for person in people()}) == 60
    for person in people():
        RegisterPerson.model_validate(person_body(person, cast.ids))
    for person in filter(lambda one: one.post, people()):
        CreatePost.model_validate(post_body(person, cast.ids))
        for body in holders(person, cast.ids, PRESENT.date()):
            TakePost.model_validate(body)


def test_every_kind_of_organisation_and_forty_in_all() -> None:
    kinds = {organisation.kind for organisation in material.organisations()}
    assert kinds == set(OrganisationKind) - {OrganisationKind.UNKNOWN}
    assert len(material.organisations()) == 40


def test_every_step_and_every_group_of_fields_occurs(acts: list[Act]) -> None:
    steps = {act.action for act in acts if act.plural == "engagements"}
    assert steps == {
        "create", "approve", "record_held", "confirm", "postpone", "hold", "debrief", "close", "cancel",
        "relabel",
    }  # fmt: skip
    planned = bodies(acts, "create")
    assert any(body.get("status") == "proposed" for body in planned)
    assert any("own_side" in body for body in planned)
    assert any("exact_place" in body for body in planned)
    assert any("name" in participant for body in planned for participant in body["participants"])
    assert any("source" in body for body in bodies(acts, "debrief"))


def test_every_fate_of_a_promise_occurs_in_both_directions(acts: list[Act]) -> None:
    fates = {act.action for act in acts if act.plural == "commitments"}
    assert fates == {
        "create", "accept", "progress", "acknowledge", "dispute", "keep", "break", "renegotiate", "withdraw",
    }  # fmt: skip
    given = bodies(acts, "create", "commitments")
    assert {body["direction"] for body in given} == {"by_us", "to_us"}


def test_an_engagement_of_several_steps_is_made_first(acts: list[Act]) -> None:
    first = {act.subject: act.action for act in reversed(acts)}
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
def test_what_is_told_of_engagements_is_what_partners_may_send(
    acts: list[Act], action: str, request_model: type[PlanEngagement]
) -> None:
    assert [request_model.model_validate(body) for body in bodies(acts, action)]


@pytest.mark.parametrize(
    ("action", "request_model"),
    [
        ("create", GiveCommitment),
        ("keep", Keep),
        ("dispute", Dispute),
        ("progress", NoteProgress),
        ("renegotiate", Renegotiate),
    ],
)
def test_what_is_told_of_promises_is_what_partners_may_send(
    acts: list[Act], action: str, request_model: type[GiveCommitment]
) -> None:
    known = {act.key: str(RecordId.new(Kind.ENGAGEMENT)) for act in acts if act.makes}
    told = bodies(acts, action, "commitments")
    assert [request_model.model_validate(resolved(body, known)) for body in told]
