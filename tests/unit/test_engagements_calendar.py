"""What is worth saying of approving, postponing, closing and linking beyond the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.engagements.commands import (
    AmendEngagement,
    ApproveEngagement,
    CloseEngagement,
    ConfirmEngagement,
    GoAhead,
    LinkParticipant,
    PlanEngagement,
    PostponeEngagement,
)
from services.engagements.engagement import engagement
from shared.contracts.engagements import (
    EngagementApproved,
    EngagementConfirmed,
    EngagementHeld,
    EngagementPostponed,
    EngagementReplanned,
    EngagementType,
    Participant,
    ParticipantLinked,
    Side,
)
from shared.errors import RejectedError
from shared.ids import Kind, RecordId
from shared.values import When
from tests.unit.engagement_builders import TOMORROW, an_event, some_content, somebody, words
from tests.unit.story import Story, a_reference

KEY_LEADER = EngagementType.KEY_LEADER_ENGAGEMENT
talks = an_event(engagement_type=KEY_LEADER)
routine = an_event()
NEXT_WEEK = TOMORROW + timedelta(days=7)


@pytest.fixture
def story():
    return Story(engagement)


def planned_by(story: Story, *authors: str) -> Story:
    return replace(story, context=replace(story.context, authors=frozenset(authors)))


def test_a_type_the_policy_names_is_not_confirmed_before_it_is_approved(story):
    ending = story.given(talks).when(ConfirmEngagement())
    ending.then_raises(RejectedError, "must be approved")


def test_a_second_person_approves_and_then_it_is_confirmed(story):
    story = planned_by(story, "the planner")
    story.given(talks).when(ApproveEngagement()).then(EngagementApproved())
    story.given(talks, EngagementApproved()).when(ConfirmEngagement()).then(EngagementConfirmed())


def test_nobody_approves_what_he_planned_himself(story):
    story = planned_by(story, story.context.principal.subject)
    story.given(talks).when(ApproveEngagement()).then_raises(RejectedError, "cannot approve")


def test_what_needs_no_approval_is_not_approved(story):
    ending = planned_by(story, "the planner").given(routine).when(ApproveEngagement())
    ending.then_raises(RejectedError, "no approval")


def test_amending_takes_an_approval_back(story):
    content = some_content(engagement_type=KEY_LEADER, purpose=words("Something else"))
    amended = story.given(talks, EngagementApproved()).when(AmendEngagement(content, words("New")))
    ending = story.given(talks, EngagementApproved(), *amended.events).when(ConfirmEngagement())
    ending.then_raises(RejectedError, "must be approved")


def test_postponing_to_another_time_keeps_its_length(story):
    ending = story.given(routine).when(PostponeEngagement(starts_at=NEXT_WEEK))
    ending.then(EngagementPostponed(when=When.lasting(NEXT_WEEK, 60)))


def test_what_was_confirmed_and_postponed_is_confirmed_again(story):
    moved = EngagementPostponed(when=When.lasting(NEXT_WEEK, 60))
    given = story.given(routine, EngagementConfirmed(), moved)
    given.when(ConfirmEngagement()).then(EngagementConfirmed())


def test_a_postponed_engagement_needs_a_time_to_be_planned_anew(story):
    given = story.given(routine, EngagementPostponed())
    given.when(GoAhead()).then_names("/starts_at", "missing")
    given.when(GoAhead(NEXT_WEEK)).then(EngagementReplanned(when=When.lasting(NEXT_WEEK, 60)))


def test_it_is_postponed_to_a_time_to_come_only(story):
    past = story.context.now - timedelta(days=2)
    ending = story.given(routine).when(PostponeEngagement(starts_at=past))
    ending.then_names("/starts_at", "not_in_future")


def test_a_held_engagement_is_debriefed_before_it_is_closed(story):
    held = EngagementHeld(when=routine.when)
    story.given(routine, held).when(CloseEngagement()).then_raises(RejectedError, "Debrief")


def test_a_participant_known_by_name_turns_out_to_be_a_person(story):
    seat, named = somebody()
    person = a_reference(Kind.PERSON)
    given = story.knowing(person).given(an_event(participants=(seat,)), named)
    link = LinkParticipant(named.person_id, person.id)
    linked = ParticipantLinked(provisional_id=named.person_id, person_id=person.id)
    given.when(link).then(linked)
    given.given(linked).when(link).then_nothing()


def test_nobody_is_linked_who_is_not_named_here_or_not_registered(story):
    seat, named = somebody()
    person = a_reference(Kind.PERSON)
    given = story.given(an_event(participants=(seat,)), named)
    stranger = LinkParticipant(RecordId.new(Kind.PERSON), person.id)
    given.knowing(person).when(stranger).then_names("/provisional_id", "unknown_reference")
    unknown = LinkParticipant(named.person_id, person.id)
    given.when(unknown).then_names("/person_id", "unknown_reference")


def test_a_registered_person_takes_part_by_id(story):
    person = a_reference(Kind.PERSON)
    seat = Participant(side=Side.COUNTERPART, person_id=person.id)
    plan = PlanEngagement(some_content(participants=(seat,)))
    story.when(plan).then_names("/participants/0/person_id", "unknown_reference")
    assert story.knowing(person).when(plan).types == ["planned"]


def test_an_organisation_is_not_a_person(story):
    other = a_reference(Kind.ORGANISATION)
    seat = Participant(side=Side.COUNTERPART, person_id=other.id)
    plan = PlanEngagement(some_content(participants=(seat,)))
    story.knowing(other).when(plan).then_names("/participants/0/person_id", "unknown_reference")
