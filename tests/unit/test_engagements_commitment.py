"""What a commitment mentions, who may see it, and what becomes of it when it is agreed anew."""

from dataclasses import replace

import pytest

from services.engagements.commitment import commitment
from services.engagements.commitment_commands import (
    AmendCommitment,
    FallOverdue,
    GiveCommitment,
    KeepCommitment,
    RelabelCommitment,
    RenegotiateCommitment,
)
from shared.contracts.commitments import (
    CommitmentAcknowledged,
    CommitmentFellOverdue,
    CommitmentRenegotiated,
    Party,
)
from shared.contracts.event import Group
from shared.errors import InvalidError
from shared.ids import Kind, RecordId
from shared.labels import from_json, join, label
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from tests.unit.commitment_builders import DUE, LABELS, LATER, a_promise, some_fields, words
from tests.unit.story import Story, a_reference

THEM = a_reference(Kind.ORGANISATION)
POST = a_reference(Kind.POST)
MEETING = replace(
    a_reference(Kind.ENGAGEMENT), label=label({"un": 2}, [["community:un", "community:mil"]])
)
given = a_promise(some_fields(THEM.id))
again = CommitmentRenegotiated(due_at=LATER, reason=words("The river rose"))


@pytest.fixture
def story():
    return Story(commitment).knowing(THEM, POST, MEETING).owned()


def at_the_meeting(level: str | None = None) -> GiveCommitment:
    asked = WireLabel(level=level, releasable_to=(("mil",),)) if level else None
    return GiveCommitment(some_fields(THEM.id, engagement_id=MEETING.id), LabelsAsked(asked))


def test_it_is_seen_by_nobody_who_may_not_see_where_it_was_given(story):
    event = story.when(at_the_meeting()).events[0]
    default = from_json(LABELS[Group.BASE])
    assert event.label_of(Group.BASE) == join(default, MEETING.label)


def test_a_label_below_that_of_the_meeting_is_refused(story):
    story.when(at_the_meeting("public")).then_names("/label", "label_below_engagement")


def test_it_is_not_relabelled_below_the_meeting_either(story):
    asked = LabelsAsked(WireLabel(level="public", releasable_to=(("mil",),)))
    command = RelabelCommitment(asked, engagement_id=MEETING.id)
    story.given(given).when(command).then_names("/label", "label_below_engagement")


def test_moving_it_to_a_meeting_that_fewer_may_see_is_refused(story):
    command = AmendCommitment(some_fields(THEM.id, engagement_id=MEETING.id), words("It was there"))
    story.given(given).when(command).then_names("/label", "label_below_engagement")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"to": Party(organisation_id=RecordId.new(Kind.ORGANISATION))}, "/to/organisation_id"),
        ({"to": Party(person_id=RecordId.new(Kind.PERSON))}, "/to/person_id"),
        ({"to": Party(person_id=POST.id)}, "/to/person_id"),
        ({"by": Party(post_id=RecordId.new(Kind.POST))}, "/by/post_id"),
        ({"engagement_id": RecordId.new(Kind.ENGAGEMENT)}, "/engagement_id"),
        ({"engagement_id": THEM.id}, "/engagement_id"),
    ],
)
def test_what_leads_nowhere_is_named(story, fields, pointer):
    story.when(GiveCommitment(some_fields(THEM.id, **fields))).then_names(
        pointer, "unknown_reference"
    )


def test_somebody_the_meeting_knows_by_name_only_may_promise(story):
    guest = RecordId.new(Kind.PERSON)
    fields = some_fields(THEM.id, to=Party(person_id=guest), engagement_id=MEETING.id)
    assert story.when(GiveCommitment(fields, guests=frozenset({guest}))).types == ["given"]


def test_what_it_mentions_already_may_stay_when_it_is_hidden_since(story):
    gone = RecordId.new(Kind.ORGANISATION)
    amended = AmendCommitment(some_fields(gone, what=words("Two escorts")), words("Misheard"))
    assert story.given(a_promise(some_fields(gone))).when(amended).types == ["amended"]


def test_agreed_anew_it_may_fall_overdue_again(story):
    late = story.given(given, CommitmentFellOverdue(due_at=DUE), again).at(LATER)
    assert late.when(FallOverdue(DUE)).types == []
    late.when(FallOverdue(LATER)).then(CommitmentFellOverdue(due_at=LATER))


def test_with_the_same_due_time_it_stays_overdue(story):
    same = again.model_copy(update={"due_at": DUE, "what": words("Two escorts")})
    late = story.given(given, CommitmentFellOverdue(due_at=DUE), same).at(LATER)
    late.when(FallOverdue(DUE)).then_nothing()


def test_what_was_acknowledged_before_it_was_agreed_anew_proves_nothing(story):
    told = story.given(given, CommitmentAcknowledged(), again)
    told.when(KeepCommitment()).then_raises(InvalidError, "shows that it was kept")


def test_agreed_without_a_day_it_is_never_overdue(story):
    open_end = story.given(given).when(RenegotiateCommitment(words("No day yet")))
    assert open_end.events[0].due_at is None
    story.given(given, *open_end.events).at(LATER).when(FallOverdue(DUE)).then_nothing()
