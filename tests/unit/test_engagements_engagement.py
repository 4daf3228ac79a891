"""What is worth saying of an engagement's rules beyond their table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.engagements.commands import (
    AmendEngagement,
    CancelEngagement,
    HoldEngagement,
    PlanEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.engagement import engagement
from shared.contracts.engagements import (
    CancelReason,
    EngagementAmended,
    EngagementCancelled,
    EngagementHeld,
    EngagementRecorded,
    EngagementRelabelled,
    Participant,
    Side,
)
from shared.contracts.event import Group
from shared.errors import RejectedError
from shared.ids import Kind
from shared.labels import to_json
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import ExternalId, Place, When
from tests.unit.engagement_builders import (
    DEBRIEFED,
    LABELS,
    NOTED,
    PINNED,
    TOMORROW,
    YESTERDAY,
    a_source,
    an_event,
    some_content,
    somebody,
    words,
)
from tests.unit.story import OURS, POLICY, Story, a_reference

planned = an_event()
held = EngagementHeld(when=planned.when)
WHY = words("Rain")


@pytest.fixture
def story():
    return Story(engagement)


def test_a_planned_engagement_keeps_what_was_said_and_a_label_for_every_group(story):
    theirs = ExternalId(system="diary", id="17")
    ending = story.when(PlanEngagement(some_content(), external_ids=(theirs,)))
    ending.then(planned.model_copy(update={"external_ids": (theirs,)}))
    assert set(ending.events[0].labels) == set(LABELS)


def test_each_group_is_an_event_of_its_own_in_the_same_append(story):
    seat, named = somebody()
    content = replace(
        some_content(participants=(seat,)),
        named=(named,),
        exact_place=PINNED,
        own_side=NOTED,
        sources=(a_source(),),
    )
    ending = story.when(PlanEngagement(content))
    assert ending.types == [
        "planned", "participant_named", "place_pinned", "preparation_noted", "source_recorded",
    ]  # fmt: skip
    assert [event.group for event in ending.events] == [
        Group.BASE, Group.IDENTITY, Group.EXACT_PLACE, Group.OWN_SIDE, Group.SOURCE,
    ]  # fmt: skip


def test_a_time_that_is_not_still_to_come_names_its_field(story):
    now = some_content(when=When.lasting(story.context.now, 60))
    story.when(PlanEngagement(now)).then_names("/starts_at", "not_in_future")


def test_the_clock_of_a_scenario_decides_what_is_still_to_come(story):
    past = some_content(when=When.lasting(YESTERDAY, 60))
    assert story.at(YESTERDAY - timedelta(hours=1)).when(PlanEngagement(past)).types == ["planned"]


def test_a_meeting_that_has_not_begun_is_not_recorded_as_held(story):
    story.when(RecordHeld(some_content())).then_names("/starts_at", "in_future")


def test_a_held_engagement_cannot_be_cancelled(story):
    ending = story.given(planned, held).when(CancelEngagement(CancelReason.BY_US))
    ending.then_raises(RejectedError, "already held")


def test_a_cancelled_engagement_stays_cancelled_when_the_request_is_repeated(story):
    cancelled = EngagementCancelled(cancel_reason=CancelReason.ROUTES)
    story.given(planned, cancelled).when(CancelEngagement(CancelReason.BY_US)).then_nothing()


def test_it_was_held_when_it_was_planned_unless_somebody_says_otherwise(story):
    later = story.given(planned).at(TOMORROW + timedelta(hours=3))
    later.when(HoldEngagement()).then(held)


def test_a_later_start_keeps_the_planned_length(story):
    begun = TOMORROW + timedelta(hours=1)
    ending = story.given(planned).at(TOMORROW + timedelta(hours=3)).when(HoldEngagement(begun))
    ending.then(EngagementHeld(when=When.lasting(begun, 60)))


def test_an_earlier_end_keeps_the_planned_start(story):
    ended = TOMORROW + timedelta(minutes=20)
    later = story.given(planned).at(TOMORROW + timedelta(hours=3))
    later.when(HoldEngagement(ends_at=ended)).then(
        EngagementHeld(when=When(starts_at=TOMORROW, ends_at=ended))
    )


def test_it_cannot_have_ended_before_it_began(story):
    later = story.given(planned).at(TOMORROW + timedelta(hours=3))
    ending = later.when(HoldEngagement(ends_at=TOMORROW - timedelta(minutes=1)))
    ending.then_names("/ends_at", "invalid")


def test_amending_says_all_base_fields_as_they_stand_and_why(story):
    wanted = some_content(purpose=words("Water point"))
    ending = story.given(planned).when(AmendEngagement(wanted, WHY))
    ending.then(EngagementAmended(**dict(wanted.fields), reason=WHY))


def test_what_was_amended_is_known_afterwards(story):
    wanted = some_content(purpose=words("Water point"))
    amended = EngagementAmended(**dict(wanted.fields), reason=WHY)
    story.given(planned, amended).when(AmendEngagement(wanted, WHY)).then_nothing()


def test_amending_leaves_groups_alone_that_it_does_not_mention(story):
    given = story.given(planned, PINNED, NOTED)
    given.when(AmendEngagement(some_content(), WHY)).then_nothing()


def test_amending_changes_only_the_groups_that_differ(story):
    wanted = replace(some_content(), exact_place=PINNED, own_side=NOTED)
    ending = story.given(planned, PINNED).when(AmendEngagement(wanted, WHY))
    ending.then(NOTED)


def test_a_source_that_was_recorded_before_is_not_recorded_again(story):
    wanted = replace(some_content(), sources=(a_source(),))
    story.given(planned, a_source()).when(AmendEngagement(wanted, WHY)).then_nothing()


def test_amending_with_another_label_relabels_first(story):
    asked = LabelsAsked(WireLabel(level="confidential"))
    wanted = some_content(purpose=words("Water point"))
    ending = story.given(planned).when(AmendEngagement(wanted, WHY, asked))
    assert ending.types == ["relabelled", "amended"]


def test_a_planned_engagement_is_not_moved_into_the_past(story):
    wanted = some_content(when=When.lasting(YESTERDAY, 60))
    ending = story.given(planned).when(AmendEngagement(wanted, WHY))
    ending.then_names("/starts_at", "not_in_future")


def test_a_debriefed_engagement_is_not_amended_any_more(story):
    wanted = replace(some_content(), exact_place=PINNED)
    ending = story.given(planned, held, DEBRIEFED).when(AmendEngagement(wanted, WHY))
    ending.then_raises(RejectedError, "already debriefed")


def test_naming_the_same_person_again_makes_no_new_one(story):
    seat, named = somebody()
    given = story.given(an_event(participants=(seat,)), named)
    again, named_again = somebody()
    wanted = replace(some_content(participants=(again,)), named=(named_again,))
    given.when(AmendEngagement(wanted, WHY)).then_nothing()


def test_one_name_on_two_sides_is_two_people(story):
    seat, named = somebody()
    given = story.given(an_event(participants=(seat,)), named)
    other, named_other = somebody(side=Side.OURS)
    wanted = replace(some_content(participants=(other,)), named=(named_other,))
    assert given.when(AmendEngagement(wanted, WHY)).types == ["amended", "participant_named"]


def test_two_people_of_one_name_are_both_kept(story):
    (one, named_one), (two, named_two) = somebody(), somebody()
    begun = an_event(participants=(one, two))
    (three, named_three), (four, named_four) = somebody(), somebody()
    wanted = replace(some_content(participants=(three, four)), named=(named_three, named_four))
    given = story.given(begun, named_one, named_two)
    given.when(AmendEngagement(wanted, WHY)).then_nothing()


def test_somebody_named_before_may_be_kept_by_id(story):
    seat, named = somebody()
    given = story.given(an_event(participants=(seat,)), named)
    given.when(AmendEngagement(some_content(participants=(seat,)), WHY)).then_nothing()


def test_somebody_whose_name_was_erased_may_be_kept_by_id(story):
    seat, _ = somebody()
    given = story.given(an_event(participants=(seat,)))
    wanted = some_content(participants=(seat,), purpose=words("Water point"))
    assert given.when(AmendEngagement(wanted, WHY)).types == ["amended"]


def test_somebody_of_another_engagement_is_unknown_here(story):
    seat, _ = somebody()
    ending = story.when(PlanEngagement(some_content(participants=(seat,))))
    ending.then_names("/participants/0/person_id", "unknown_reference")


def test_an_organisation_the_caller_may_use_takes_part(story):
    other = a_reference(Kind.ORGANISATION)
    seat = Participant(side=Side.PARTNER, organisation_id=other.id)
    ending = story.knowing(other).when(PlanEngagement(some_content(participants=(seat,))))
    assert ending.types == ["planned"]


@pytest.mark.parametrize("kind", [Kind.ORGANISATION, Kind.PLACE])
def test_an_organisation_hidden_or_unknown_or_no_organisation_names_its_field(story, kind):
    seats = tuple(
        Participant(side=Side.PARTNER, organisation_id=a_reference(one).id)
        for one in (Kind.ORGANISATION, kind)
    )
    ending = story.when(PlanEngagement(some_content(participants=seats)))
    ending.then_names("/participants/1/organisation_id", "unknown_reference")


def test_a_place_of_the_gazetteer_is_checked_like_any_reference(story):
    place = a_reference(Kind.PLACE)
    content = some_content(place=Place(text="Malakal", place_id=place.id))
    story.when(PlanEngagement(content)).then_names("/place/place_id", "unknown_reference")
    assert story.knowing(place).when(PlanEngagement(content)).types == ["planned"]


def test_a_place_that_is_only_words_needs_no_reference(story):
    content = some_content(place=Place(text="Under the big tree"))
    assert story.when(PlanEngagement(content)).types == ["planned"]


def test_relabelling_a_group_leaves_the_others(story):
    narrower = WireLabel(level="strictly_confidential", releasable_to=(("mil",),))
    asked = LabelsAsked(None, {Group.OWN_SIDE: narrower})
    ending = story.given(planned).when(RelabelEngagement(asked, WHY))
    label = to_json(POLICY.label(narrower, OURS))
    ending.then(EngagementRelabelled(labels={Group.OWN_SIDE: label}, reason=WHY))


def test_a_new_label_is_known_afterwards(story):
    label = to_json(POLICY.label(WireLabel(level="confidential"), OURS))
    given = story.given(planned, EngagementRelabelled(labels={Group.BASE: label}))
    asked = LabelsAsked(WireLabel(level="confidential"))
    given.when(RelabelEngagement(asked)).then_nothing()


def test_a_command_says_which_groups_it_touches_and_where():
    seat, named = somebody()
    content = replace(
        some_content(participants=(seat,)),
        named=(named,),
        exact_place=PINNED,
        own_side=NOTED,
        sources=(a_source(),),
    )
    asked = LabelsAsked(None, {Group.SOURCE: WireLabel(level="confidential")})
    assert engagement.touches(PlanEngagement(content, labels=asked)) == {
        "/starts_at": Group.TIME,
        "/participants/0/name": Group.IDENTITY,
        "/exact_place": Group.EXACT_PLACE,
        "/own_side": Group.OWN_SIDE,
        "/source": Group.SOURCE,
        "/group_labels/source": Group.SOURCE,
    }


def test_every_event_of_an_unplanned_meeting_folds(story):
    seat, named = somebody()
    recorded = an_event(EngagementRecorded, participants=(seat,))
    state = story.given(recorded, named, DEBRIEFED).state
    assert (state.status, state.content.names) == ("debriefed", {seat.person_id: named.name})
