"""Given steps of a removal, what is told of it, and to whom."""

from services.reporting.records.document import Fields
from services.reporting.records.rows import labels_of
from services.reporting.steps import steps_of, version_rows
from shared.contracts.engagements import EngagementRelabelled, ParticipantNamed
from shared.contracts.event import Group
from shared.contracts.records import ReleaseRequested
from shared.contracts.removals import Ground, RemovalAsked, RemovalRefused, Removed
from shared.handling import handling_label
from shared.ids import Kind
from shared.labels import to_json
from shared.values import Name
from tests.unit.test_reporting_folds import AT, OWNER, PERSON, PROPOSED, UN, folded, seen, text

ASKED = RemovalAsked(ground=Ground.ERASURE, asked_by="amina", reason=text("She asked for it"))
REMOVED = Removed(labels={Group.BASE: to_json(UN)}, ground=Ground.ERASURE, subjects=(PERSON,))


def test_a_request_for_removal_is_news_to_nobody_but_the_owner() -> None:
    steps = steps_of({}, seen(Kind.ENGAGEMENT, PROPOSED, ASKED))
    ids = {one: 1 for step in steps for one in labels_of(step.after)}
    told = [row["grp"] for row in version_rows(steps, ids) if row["version"] == 2]
    assert told == [Group.HANDLING]
    document = steps[-1].after
    assert document.base == steps[0].after.base
    assert document.parts[Group.HANDLING].label == handling_label(OWNER, None)
    assert _handling(ASKED)["removal"] == {
        "ground": "erasure",
        "by": "amina",
        "at": AT.isoformat().replace("+00:00", "Z"),
        "reason": {"text": "She asked for it", "lang": "en"},
    }


def test_a_request_for_removal_waits_on_when_the_label_changes_and_beside_a_release() -> None:
    relabelled = EngagementRelabelled(labels={Group.BASE: to_json(UN)})
    requested = ReleaseRequested(wanted={Group.BASE: to_json(UN)})
    assert _handling(ASKED, relabelled).keys() == {"removal"}
    assert _handling(ASKED, requested).keys() == {"removal", "waiting"}
    assert _handling(requested, ASKED).keys() == {"removal", "waiting"}


def test_a_refused_request_waits_no_more_and_says_why() -> None:
    refused = _handling(ASKED, RemovalRefused(reason=text("We need it")))
    assert refused == {"removal_refused": {"reason": {"text": "We need it", "lang": "en"}}}
    assert _handling(ASKED, RemovalRefused(), ASKED).keys() == {"removal"}


def test_what_is_left_of_a_removed_record_holds_no_words() -> None:
    named = ParticipantNamed(person_id=PERSON, name=Name(text="Invented Guest"))
    document = folded(Kind.ENGAGEMENT, PROPOSED, named, ASKED, REMOVED)
    left = {group for group, part in document.parts.items() if part.fields}
    assert left == {Group.BASE}
    assert document.base["title"] == {"text": None, "lang": "zxx", "erased": True}
    assert document.base["starts_at"] == folded(Kind.ENGAGEMENT, PROPOSED).base["starts_at"]


def _handling(
    *events: ReleaseRequested | RemovalAsked | RemovalRefused | EngagementRelabelled,
) -> Fields:
    return folded(Kind.ENGAGEMENT, PROPOSED, *events).parts[Group.HANDLING].fields or {}
