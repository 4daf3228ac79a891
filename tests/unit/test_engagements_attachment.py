"""Every command in every state of an attachment, and who may see one."""

from dataclasses import replace

import pytest

from services.engagements.attachment import (
    AddAttachment,
    File,
    RelabelAttachment,
    WithdrawAttachment,
    attachment,
)
from shared.contracts.commitments import AttachmentAdded, AttachmentWithdrawn
from shared.contracts.event import Group
from shared.ids import Kind, RecordId
from shared.labels import join, label, to_json
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import Name
from tests.unit.story import OURS, POLICY, Story, a_reference
from tests.unit.tables import cells

PROMISE = replace(a_reference(Kind.COMMITMENT), label=label({"un": 2}, [["community:mil"]]))
FILE = File(Name(text="Note.pdf"), "application/pdf", 20, "ab" * 32, "attachment_1")
DEFAULT = POLICY.default(Kind.ATTACHMENT, Group.BASE, OURS)
added = AttachmentAdded(
    of=PROMISE.id, name=FILE.name, media_type=FILE.media_type, size_bytes=FILE.size_bytes,
    digest=FILE.digest, object_name=FILE.object_name, labels={Group.BASE: to_json(DEFAULT)},
)  # fmt: skip
HIGHER = LabelsAsked(WireLabel(level="strictly_confidential"))
STATES = {"absent": (), "active": (added,), "withdrawn": (added, AttachmentWithdrawn())}
COMMANDS = {
    "add": AddAttachment(PROMISE.id, FILE),
    "add to nothing": AddAttachment(RecordId.new(Kind.COMMITMENT), FILE),
    "withdraw": WithdrawAttachment(),
    "relabel": RelabelAttachment(HIGHER),
    "relabel nothing": RelabelAttachment(LabelsAsked(), of=PROMISE.id),
}
TABLE = """
command         | absent   | active     | withdrawn
add             | added    | Rejected   | Rejected
add to nothing  | NotFound | Rejected   | Rejected
withdraw        | NotFound | withdrawn  | nothing
relabel         | NotFound | relabelled | relabelled
relabel nothing | NotFound | nothing    | nothing
"""


@pytest.fixture
def story():
    return Story(attachment).knowing(PROMISE)


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


def test_it_is_seen_by_nobody_who_may_not_see_what_it_belongs_to(story):
    event = story.when(COMMANDS["add"]).events[0]
    assert event.label_of(Group.BASE) == join(DEFAULT, PROMISE.label)


def test_a_label_below_that_is_refused(story):
    asked = LabelsAsked(WireLabel(level="public", releasable_to=(("mil",),)))
    command = RelabelAttachment(asked, of=PROMISE.id)
    story.given(added).when(command).then_names("/label", "label_below_record")
