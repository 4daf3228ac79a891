"""A source's document leads to its extracts by edges, under its own label, whatever happens to it later."""

from services.reporting.records.document import Document
from services.reporting.records.rows import edge_rows, labels_of
from shared.contracts.contacts import OrganisationRelabelled
from shared.contracts.event import Group
from shared.contracts.records import (
    ExtractAllowed,
    ExtractChecked,
    ExtractRequested,
    RecordExtracted,
    RecordMarked,
    RecordReleased,
    ReleaseRequested,
    ReleaseWithdrawn,
)
from shared.contracts.removals import Ground, Removed
from shared.ids import Kind, RecordId
from shared.labels import label, to_json
from tests.unit.test_reporting_folds import REGISTERED, folded

OPEN = label({"un": 0}, [["community:all"]])
WANTED = {Group.BASE: to_json(OPEN)}
EXTRACT = RecordId.new(Kind.ORGANISATION)
REMOVED = Removed(ground=Ground.SPILL, subjects=(), labels=WANTED)
MADE = RecordExtracted(extract=EXTRACT)


def extracts(document: Document) -> list[tuple[str, int]]:
    """Ids, and the label of the base (1) or another (0)."""
    base = document.parts[Group.BASE].label
    edges = edge_rows(document, {one: int(one == base) for one in labels_of(document)})
    return [(edge["to_id"], edge["label_id"]) for edge in edges if edge["kind"] == "extract"]


def handling(document: Document) -> dict[str, object]:
    return document.parts[Group.HANDLING].fields or {}


def test_an_extract_is_an_edge_under_the_label_of_the_base() -> None:
    assert extracts(folded(Kind.ORGANISATION, REGISTERED, MADE)) == [(str(EXTRACT), 1)]


def test_what_happens_to_the_source_later_leaves_its_extracts_and_follows_its_label() -> None:
    later = (
        RecordReleased(labels=WANTED),
        OrganisationRelabelled(labels=WANTED),
        ReleaseRequested(wanted=WANTED),
        ReleaseWithdrawn(),
        RecordMarked(),
    )
    document = folded(Kind.ORGANISATION, REGISTERED, MADE, *later)
    assert extracts(document) == [(str(EXTRACT), 1)]


def test_an_extract_that_was_checked_is_told_at_the_version_it_was_checked_at() -> None:
    other = RecordExtracted(extract=RecordId.new(Kind.ORGANISATION))
    allowed = ExtractAllowed(labels=WANTED)
    checked = ExtractChecked(extract=EXTRACT)
    document = folded(Kind.ORGANISATION, REGISTERED, MADE, other, allowed, checked)
    at = [one["at"] for one in handling(document)["extracts"]]  # type: ignore[attr-defined] # JSON
    assert at == [5, 3]
    assert handling(document)["extract_allowed"] == {"labels": WANTED}


def test_a_removal_leaves_nothing_of_the_handling_but_the_extracts() -> None:
    document = folded(Kind.ORGANISATION, REGISTERED, MADE, ReleaseRequested(wanted=WANTED), REMOVED)
    assert extracts(document) == [(str(EXTRACT), 1)]
    assert handling(document).keys() == {"extracts"}


def test_what_waits_and_what_was_allowed_is_told_until_it_is_done() -> None:
    asked = (REGISTERED, ExtractRequested(wanted=WANTED))
    assert handling(folded(Kind.ORGANISATION, *asked))["waiting"] == {
        "wanted": WANTED,
        "reason": None,
        "by": "officer",
        "agreed": False,
        "extract": True,
    }
    allowed = (*asked, ExtractAllowed(labels=WANTED))
    assert handling(folded(Kind.ORGANISATION, *allowed)) == {"extract_allowed": {"labels": WANTED}}
    assert handling(folded(Kind.ORGANISATION, *allowed, MADE)).keys() == {"extracts"}
    assert handling(folded(Kind.ORGANISATION, *allowed, RecordReleased(labels=WANTED))) == {}
    assert handling(folded(Kind.ORGANISATION, *allowed, RecordMarked())) == {}
