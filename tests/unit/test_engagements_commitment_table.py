"""Every command in every state of a commitment, once before it is due and once after."""

import pytest

from services.engagements.commitment import commitment
from services.engagements.commitment_commands import (
    AcceptCommitment,
    AcknowledgeCommitment,
    AmendCommitment,
    AssessCommitment,
    BreakCommitment,
    DisputeCommitment,
    FallOverdue,
    GiveCommitment,
    KeepCommitment,
    NoteProgress,
    RelabelCommitment,
    RenegotiateCommitment,
    WithdrawCommitment,
)
from shared.contracts.commitments import (
    CommitmentAccepted,
    CommitmentAcknowledged,
    CommitmentBroken,
    CommitmentFellOverdue,
    CommitmentKept,
    CommitmentWithdrawn,
    Progress,
    ProgressNoted,
)
from shared.ids import Kind, RecordId
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from tests.unit.commitment_builders import DUE, LATER, a_promise, some_fields, words
from tests.unit.story import Story, a_reference
from tests.unit.tables import cells

THEM = a_reference(Kind.ORGANISATION)
FILE = a_reference(Kind.ATTACHMENT)
FIELDS = some_fields(THEM.id)
given = a_promise(FIELDS)
progressed = ProgressNoted(progress=Progress.MINIMAL)
reason = words("The road is cut")
STATES = {
    "absent": (),
    "given": (given,),
    "accepted": (given, CommitmentAccepted()),
    "in progress": (given, progressed),
    "acknowledged": (given, CommitmentAcknowledged()),
    "overdue": (given, CommitmentFellOverdue(due_at=DUE)),
    "kept": (given, CommitmentKept(evidence=words("Seen there"))),
    "broken": (given, CommitmentBroken(reason=reason)),
    "withdrawn": (given, CommitmentWithdrawn(reason=reason)),
}
COMMANDS = {
    "give": GiveCommitment(FIELDS),
    "give, long due": GiveCommitment(some_fields(THEM.id, due_at=DUE.replace(year=2020))),
    "give to nobody": GiveCommitment(some_fields(RecordId.new(Kind.ORGANISATION))),
    "amend": AmendCommitment(some_fields(THEM.id, what=words("Two escorts")), reason),
    "amend nothing": AmendCommitment(FIELDS, reason),
    "accept": AcceptCommitment(),
    "progress": NoteProgress(Progress.INTERMEDIATE),
    "progress as known": NoteProgress(Progress.MINIMAL),
    "acknowledge": AcknowledgeCommitment(),
    "dispute": DisputeCommitment(words("Nobody came")),
    "keep": KeepCommitment(words("Seen there")),
    "keep, attached": KeepCommitment(None, (FILE.id,), frozenset({FILE.id})),
    "keep, not its own": KeepCommitment(None, (FILE.id,)),
    "keep, unproved": KeepCommitment(),
    "break": BreakCommitment(reason),
    "renegotiate": RenegotiateCommitment(reason, due_at=LATER),
    "renegotiate nothing": RenegotiateCommitment(reason, due_at=DUE),
    "withdraw": WithdrawCommitment(reason),
    "fall overdue": FallOverdue(DUE),
    "fall overdue of old": FallOverdue(DUE.replace(year=2020)),
    "assess": AssessCommitment(words("They will wait")),
    "assess nothing": AssessCommitment(),
    "relabel": RelabelCommitment(LabelsAsked(WireLabel(level="confidential"))),
    "relabel nothing": RelabelCommitment(LabelsAsked()),
}
OURS_TO_TELL = """
command             | absent   | given         | accepted      | in progress   | acknowledged  | overdue       | kept       | broken     | withdrawn
give                | given    | Rejected      | Rejected      | Rejected      | Rejected      | Rejected      | Rejected   | Rejected   | Rejected
give, long due      | given    | Rejected      | Rejected      | Rejected      | Rejected      | Rejected      | Rejected   | Rejected   | Rejected
give to nobody      | Invalid  | Rejected      | Rejected      | Rejected      | Rejected      | Rejected      | Rejected   | Rejected   | Rejected
amend               | NotFound | amended       | amended       | amended       | amended       | amended       | Rejected   | Rejected   | Rejected
amend nothing       | NotFound | nothing       | nothing       | nothing       | nothing       | nothing       | nothing    | nothing    | nothing
accept              | NotFound | accepted      | nothing       | nothing       | accepted      | accepted      | Rejected   | Rejected   | Rejected
progress            | NotFound | progress_noted | progress_noted | progress_noted | progress_noted | progress_noted | Rejected | Rejected  | Rejected
progress as known   | NotFound | progress_noted | progress_noted | nothing      | progress_noted | progress_noted | Rejected | Rejected   | Rejected
acknowledge         | NotFound | Rejected      | Rejected      | Rejected      | Rejected      | Rejected      | Rejected   | Rejected   | Rejected
dispute             | NotFound | disputed      | disputed      | disputed      | disputed      | disputed      | disputed   | disputed   | disputed
keep                | NotFound | kept          | kept          | kept          | kept          | kept          | nothing    | Rejected   | Rejected
keep, attached      | NotFound | kept          | kept          | kept          | kept          | kept          | Rejected   | Rejected   | Rejected
keep, not its own   | NotFound | Invalid       | Invalid       | Invalid       | Invalid       | Invalid       | Rejected   | Rejected   | Rejected
keep, unproved      | NotFound | Invalid       | Invalid       | Invalid       | kept          | Invalid       | Rejected   | Rejected   | Rejected
break               | NotFound | broken        | broken        | broken        | broken        | broken        | Rejected   | nothing    | Rejected
renegotiate         | NotFound | renegotiated  | renegotiated  | renegotiated  | renegotiated  | renegotiated  | Rejected   | Rejected   | Rejected
renegotiate nothing | NotFound | nothing       | nothing       | nothing       | nothing       | nothing       | nothing    | nothing    | nothing
withdraw            | NotFound | withdrawn     | withdrawn     | withdrawn     | withdrawn     | withdrawn     | Rejected   | Rejected   | nothing
fall overdue        | NotFound | Rejected      | Rejected      | Rejected      | Rejected      | Rejected      | Rejected   | Rejected   | Rejected
assess              | NotFound | assessed      | assessed      | assessed      | assessed      | assessed      | Rejected   | Rejected   | Rejected
assess nothing      | NotFound | nothing       | nothing       | nothing       | nothing       | nothing       | nothing    | nothing    | nothing
relabel             | NotFound | relabelled    | relabelled    | relabelled    | relabelled    | relabelled    | relabelled | relabelled | relabelled
relabel nothing     | NotFound | nothing       | nothing       | nothing       | nothing       | nothing       | nothing    | nothing    | nothing
"""  # noqa: E501 - a table
ONCE_DUE = """
command             | absent   | given    | accepted | in progress | acknowledged | overdue | kept    | broken  | withdrawn
fall overdue        | NotFound | overdue  | overdue  | overdue     | overdue      | nothing | nothing | nothing | nothing
fall overdue of old | NotFound | nothing  | nothing  | nothing     | nothing      | nothing | nothing | nothing | nothing
"""  # noqa: E501 - a table
THEIRS_TO_TELL = """
command     | absent   | given        | accepted     | in progress  | acknowledged | overdue      | kept     | broken   | withdrawn
acknowledge | NotFound | acknowledged | acknowledged | acknowledged | acknowledged | acknowledged | Rejected | Rejected | Rejected
dispute     | NotFound | disputed     | disputed     | disputed     | disputed     | disputed     | disputed | disputed | disputed
"""  # noqa: E501 - a table


@pytest.fixture
def story():
    return Story(commitment).knowing(THEM, FILE)


@pytest.mark.parametrize(("command", "state", "expected"), cells(OURS_TO_TELL))
def test_every_command_of_the_owner_in_every_state(story, command, state, expected):
    assert story.owned().given(*STATES[state]).when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(("command", "state", "expected"), cells(ONCE_DUE))
def test_the_clock_in_every_state_once_it_is_due(story, command, state, expected):
    assert story.at(LATER).given(*STATES[state]).when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(("command", "state", "expected"), cells(THEIRS_TO_TELL))
def test_the_other_side_in_every_state(story, command, state, expected):
    theirs = story.owned(by=THEM.id).given(*STATES[state])
    assert theirs.when(COMMANDS[command]).summary == expected


def test_the_tables_hold_every_command_and_state():
    told = cells(OURS_TO_TELL) + cells(ONCE_DUE) + cells(THEIRS_TO_TELL)
    assert {command for command, _, _ in told} == set(COMMANDS)
    assert {state for _, state, _ in told} == set(STATES)
