"""Every command in every state of an engagement, once before its time and once after."""

import pytest

from services.engagements.commands import (
    AmendEngagement,
    ApproveEngagement,
    CancelEngagement,
    CloseEngagement,
    ConfirmEngagement,
    DebriefEngagement,
    Debriefing,
    First,
    GoAhead,
    HoldEngagement,
    LinkParticipant,
    PlanEngagement,
    PostponeEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.engagement import engagement
from shared.contracts.engagements import (
    CancelReason,
    EngagementApproved,
    EngagementCancelled,
    EngagementClosed,
    EngagementConfirmed,
    EngagementHeld,
    EngagementPlanned,
    EngagementPostponed,
    EngagementProposed,
    EngagementType,
)
from shared.ids import Kind
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import When
from tests.unit.engagement_builders import (
    DEBRIEFED,
    TOMORROW,
    YESTERDAY,
    a_source,
    an_event,
    some_content,
    somebody,
    words,
)
from tests.unit.story import Story, a_reference
from tests.unit.tables import cells

NEXT_WEEK = TOMORROW.replace(day=9)
PAST = When.lasting(YESTERDAY, 60)

SEAT, NAMED = somebody()
PERSON = a_reference(Kind.PERSON)
seats = {"participants": (SEAT,)}
proposed, planned = an_event(EngagementProposed, **seats), an_event(EngagementPlanned, **seats)
held = EngagementHeld(when=planned.when)
cancelled = EngagementCancelled(cancel_reason=CancelReason.ROUTES)
STATES = {
    "absent": (),
    "proposed": (proposed, NAMED),
    "planned": (planned, NAMED),
    "approved": (planned, NAMED, EngagementApproved()),
    "confirmed": (planned, NAMED, EngagementConfirmed()),
    "postponed": (planned, NAMED, EngagementPostponed()),
    "held": (planned, NAMED, held),
    "debriefed": (planned, NAMED, held, DEBRIEFED),
    "closed": (planned, NAMED, held, DEBRIEFED, EngagementClosed()),
    "cancelled": (planned, NAMED, cancelled),
}
COMMANDS = {
    "plan": PlanEngagement(some_content(when=When.lasting(NEXT_WEEK, 60))),
    "propose": PlanEngagement(some_content(when=When.lasting(NEXT_WEEK, 60)), First.PROPOSED),
    "plan the past": PlanEngagement(some_content(when=PAST)),
    "record": RecordHeld(some_content(when=PAST)),
    "record, debriefed": RecordHeld(some_content(when=PAST), Debriefing(DEBRIEFED, a_source())),
    "record the future": RecordHeld(some_content(when=When.lasting(NEXT_WEEK, 60))),
    "go ahead": GoAhead(),
    "go ahead then": GoAhead(starts_at=NEXT_WEEK),
    "approve": ApproveEngagement(),
    "confirm": ConfirmEngagement(),
    "postpone": PostponeEngagement(),
    "postpone to": PostponeEngagement(starts_at=NEXT_WEEK),
    "hold": HoldEngagement(),
    "hold at other times": HoldEngagement(starts_at=YESTERDAY),
    "debrief": DebriefEngagement(Debriefing(DEBRIEFED)),
    "debrief, source": DebriefEngagement(Debriefing(DEBRIEFED, a_source())),
    "amend": AmendEngagement(
        some_content(engagement_type=EngagementType.CEREMONY, **seats), words("It became one")
    ),
    "amend nothing": AmendEngagement(some_content(**seats), words("Sent again")),
    "amend the times": AmendEngagement(
        some_content(when=When.lasting(NEXT_WEEK, 60), **seats), words("Rain")
    ),
    "cancel": CancelEngagement(CancelReason.THREAT),
    "close": CloseEngagement(),
    "link": LinkParticipant(NAMED.person_id, PERSON.id),
    "relabel": RelabelEngagement(LabelsAsked(WireLabel(level="confidential"))),
    "relabel nothing": RelabelEngagement(LabelsAsked()),
}
NEW = """
command           | absent                                    | planned  | cancelled
plan              | planned                                   | Rejected | Rejected
propose           | proposed                                  | Rejected | Rejected
plan the past     | Invalid                                   | Rejected | Rejected
record            | recorded                                  | Rejected | Rejected
record, debriefed | recorded + debriefed + source_recorded    | Rejected | Rejected
record the future | Invalid                                   | Rejected | Rejected
"""
BEFORE = """
command             | absent   | proposed          | planned    | approved   | confirmed  | postponed  | cancelled
go ahead            | NotFound | proposal_accepted | nothing    | Rejected   | Rejected   | Invalid    | Rejected
go ahead then       | NotFound | Invalid           | Invalid    | Invalid    | Invalid    | replanned  | Invalid
approve             | NotFound | Rejected          | Rejected   | nothing    | Rejected   | Rejected   | Rejected
confirm             | NotFound | Rejected          | confirmed  | confirmed  | nothing    | Rejected   | Rejected
postpone            | NotFound | postponed         | postponed  | postponed  | postponed  | nothing    | Rejected
postpone to         | NotFound | postponed         | postponed  | postponed  | postponed  | postponed  | Rejected
hold                | NotFound | Invalid           | Invalid    | Invalid    | Invalid    | Invalid    | Rejected
hold at other times | NotFound | held              | held       | held       | held       | held       | Rejected
debrief             | NotFound | Invalid           | Invalid    | Invalid    | Invalid    | Invalid    | Rejected
amend               | NotFound | amended           | amended    | amended    | amended    | amended    | Rejected
amend nothing       | NotFound | nothing           | nothing    | nothing    | nothing    | nothing    | nothing
amend the times     | NotFound | amended           | amended    | amended    | amended    | Rejected   | Rejected
cancel              | NotFound | cancelled         | cancelled  | cancelled  | cancelled  | cancelled  | nothing
close               | NotFound | Rejected          | Rejected   | Rejected   | Rejected   | Rejected   | Rejected
link                | NotFound | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked
relabel             | NotFound | relabelled        | relabelled | relabelled | relabelled | relabelled | relabelled
relabel nothing     | NotFound | nothing           | nothing    | nothing    | nothing    | nothing    | nothing
"""  # noqa: E501 - a table
AFTER = """
command             | proposed         | planned          | approved         | confirmed        | postponed        | held      | debriefed  | closed     | cancelled
go ahead            | Invalid          | nothing          | Rejected         | Rejected         | Invalid          | Rejected  | Rejected   | Rejected   | Rejected
go ahead then       | Invalid          | Invalid          | Invalid          | Invalid          | replanned        | Invalid   | Invalid    | Invalid    | Invalid
approve             | Rejected         | Rejected         | nothing          | Rejected         | Rejected         | Rejected  | Rejected   | Rejected   | Rejected
confirm             | Rejected         | confirmed        | confirmed        | nothing          | Rejected         | Rejected  | Rejected   | Rejected   | Rejected
postpone            | postponed        | postponed        | postponed        | postponed        | nothing          | Rejected  | Rejected   | Rejected   | Rejected
postpone to         | postponed        | postponed        | postponed        | postponed        | postponed        | Rejected  | Rejected   | Rejected   | Rejected
hold                | held             | held             | held             | held             | held             | nothing   | Rejected   | Rejected   | Rejected
hold at other times | held             | held             | held             | held             | held             | Rejected  | Rejected   | Rejected   | Rejected
debrief             | held + debriefed | held + debriefed | held + debriefed | held + debriefed | held + debriefed | debriefed | Rejected   | Rejected   | Rejected
debrief, source     | held + debriefed + source_recorded | held + debriefed + source_recorded | held + debriefed + source_recorded | held + debriefed + source_recorded | held + debriefed + source_recorded | debriefed + source_recorded | Rejected | Rejected | Rejected
amend               | amended          | amended          | amended          | amended          | amended          | amended   | Rejected   | Rejected   | Rejected
amend nothing       | nothing          | nothing          | nothing          | nothing          | nothing          | nothing   | nothing    | nothing    | nothing
amend the times     | amended          | amended          | amended          | amended          | Rejected         | Invalid   | Rejected   | Rejected   | Rejected
cancel              | cancelled        | cancelled        | cancelled        | cancelled        | cancelled        | Rejected  | Rejected   | Rejected   | nothing
close               | Rejected         | Rejected         | Rejected         | Rejected         | Rejected         | Rejected  | closed     | nothing    | Rejected
link                | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked | participant_linked
relabel             | relabelled       | relabelled       | relabelled       | relabelled       | relabelled       | relabelled | relabelled | relabelled | relabelled
"""  # noqa: E501 - a table


@pytest.fixture
def story():
    return Story(engagement).knowing(PERSON)


@pytest.mark.parametrize(("command", "state", "expected"), cells(NEW))
def test_a_new_engagement_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(("command", "state", "expected"), cells(BEFORE))
def test_every_command_before_the_engagement_begins(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(("command", "state", "expected"), cells(AFTER))
def test_every_command_after_the_engagement_began(story, command, state, expected):
    later = story.at(TOMORROW.replace(hour=20)).given(*STATES[state])
    assert later.when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize("state", set(STATES) - {"absent"})
@pytest.mark.parametrize("command", ["plan", "propose", "record", "record, debriefed"])
def test_what_exists_does_not_begin_again(story, command, state):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == "Rejected"


def test_the_tables_hold_every_command_and_state():
    told = cells(NEW) + cells(BEFORE) + cells(AFTER)
    assert {command for command, _, _ in told} == set(COMMANDS)
    assert {state for _, state, _ in told} == set(STATES)
