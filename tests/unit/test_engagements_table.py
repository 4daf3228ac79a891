"""Every command in every state of an engagement, once before its time and once after."""

import pytest

from services.engagements.commands import (
    AcceptProposal,
    AmendEngagement,
    CancelEngagement,
    ConfirmEngagement,
    DebriefEngagement,
    Debriefing,
    First,
    HoldEngagement,
    PlanEngagement,
    RecordHeld,
    RelabelEngagement,
)
from services.engagements.engagement import engagement
from shared.contracts.engagements import (
    CancelReason,
    EngagementCancelled,
    EngagementConfirmed,
    EngagementHeld,
    EngagementPlanned,
    EngagementProposed,
    EngagementType,
)
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
    words,
)
from tests.unit.story import Story
from tests.unit.tables import cells

NEXT_WEEK = TOMORROW.replace(day=9)
PAST = When.lasting(YESTERDAY, 60)

proposed, planned = an_event(EngagementProposed), an_event(EngagementPlanned)
held = EngagementHeld(when=planned.when)
cancelled = EngagementCancelled(cancel_reason=CancelReason.ROUTES)
STATES = {
    "absent": (),
    "proposed": (proposed,),
    "planned": (planned,),
    "confirmed": (planned, EngagementConfirmed()),
    "held": (planned, held),
    "debriefed": (planned, held, DEBRIEFED),
    "cancelled": (planned, cancelled),
}
COMMANDS = {
    "plan": PlanEngagement(some_content(when=When.lasting(NEXT_WEEK, 60))),
    "propose": PlanEngagement(some_content(when=When.lasting(NEXT_WEEK, 60)), First.PROPOSED),
    "plan the past": PlanEngagement(some_content(when=PAST)),
    "record": RecordHeld(some_content(when=PAST)),
    "record, debriefed": RecordHeld(some_content(when=PAST), Debriefing(DEBRIEFED, a_source())),
    "record the future": RecordHeld(some_content(when=When.lasting(NEXT_WEEK, 60))),
    "accept": AcceptProposal(),
    "confirm": ConfirmEngagement(),
    "hold": HoldEngagement(),
    "hold at other times": HoldEngagement(starts_at=YESTERDAY),
    "debrief": DebriefEngagement(Debriefing(DEBRIEFED)),
    "debrief, source": DebriefEngagement(Debriefing(DEBRIEFED, a_source())),
    "amend": AmendEngagement(
        some_content(engagement_type=EngagementType.CEREMONY), words("It became one")
    ),
    "amend nothing": AmendEngagement(some_content(), words("Sent again")),
    "amend the times": AmendEngagement(
        some_content(when=When.lasting(NEXT_WEEK, 60)), words("Rain")
    ),
    "cancel": CancelEngagement(CancelReason.THREAT),
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
command             | absent   | proposed          | planned    | confirmed  | cancelled
accept              | NotFound | proposal_accepted | nothing    | Rejected   | Rejected
confirm             | NotFound | Rejected          | confirmed  | nothing    | Rejected
hold                | NotFound | Invalid           | Invalid    | Invalid    | Rejected
hold at other times | NotFound | held              | held       | held       | Rejected
debrief             | NotFound | Invalid           | Invalid    | Invalid    | Rejected
amend               | NotFound | amended           | amended    | amended    | Rejected
amend nothing       | NotFound | nothing           | nothing    | nothing    | nothing
amend the times     | NotFound | amended           | amended    | amended    | Rejected
cancel              | NotFound | cancelled         | cancelled  | cancelled  | nothing
relabel             | NotFound | relabelled        | relabelled | relabelled | relabelled
relabel nothing     | NotFound | nothing           | nothing    | nothing    | nothing
"""
AFTER = """
command             | proposed         | planned          | confirmed  | held | debriefed | cancelled
accept              | Invalid          | nothing          | Rejected   | Rejected | Rejected | Rejected
confirm             | Rejected         | confirmed        | nothing    | Rejected | Rejected | Rejected
hold                | held             | held             | held       | nothing  | Rejected | Rejected
hold at other times | held             | held             | held       | Rejected | Rejected | Rejected
debrief             | held + debriefed | held + debriefed | held + debriefed | debriefed | Rejected | Rejected
debrief, source     | held + debriefed + source_recorded | held + debriefed + source_recorded | held + debriefed + source_recorded | debriefed + source_recorded | Rejected | Rejected
amend               | amended          | amended          | amended    | amended  | Rejected | Rejected
amend nothing       | nothing          | nothing          | nothing    | nothing  | nothing  | nothing
amend the times     | amended          | amended          | amended    | Invalid  | Rejected | Rejected
cancel              | cancelled        | cancelled        | cancelled  | Rejected | Rejected | nothing
relabel             | relabelled       | relabelled       | relabelled | relabelled | relabelled | relabelled
"""  # noqa: E501 - a table


@pytest.fixture
def story():
    return Story(engagement)


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
