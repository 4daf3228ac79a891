"""Given events, the document a viewer will see."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from services.reporting.records.document import Document
from services.reporting.records.folding import Seen, fold
from services.reporting.records.rows import (
    document_of,
    edge_rows,
    labels_of,
    portion_rows,
    record_row,
)
from services.reporting.records.words import searchable, words_of
from services.reporting.steps import steps_of, version_rows
from shared.contracts.contacts import (
    OrganisationAliasAdded,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationRetired,
    PlaceAmended,
    PlaceLevel,
    PlaceRegistered,
)
from shared.contracts.engagements import (
    CancelReason,
    EngagementAmended,
    EngagementCancelled,
    EngagementConfirmed,
    EngagementDebriefed,
    EngagementHeld,
    EngagementProposed,
    EngagementRecorded,
    EngagementRelabelled,
    EngagementType,
    Participant,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    ProposalAccepted,
    Side,
    SourceRecorded,
)
from shared.contracts.event import DomainEvent, Group
from shared.event_meta import EventMeta
from shared.ids import Kind, RecordId
from shared.labels import join, label, to_json
from shared.values import Name, Place, Point, Text, When

AT = datetime(2030, 1, 2, 9, tzinfo=UTC)
OWNER = RecordId.new(Kind.ORGANISATION)
PERSON = RecordId.new(Kind.PERSON)
MIL = label({"un": 1}, [["community:mil"]])
UN = label({"un": 2}, [["community:un"]])
SOURCES = {Kind.ENGAGEMENT: "engagements"}


def text(words: str) -> Text:
    return Text(text=words, lang="en")


def base_fields(**more: Any) -> dict[str, Any]:
    return {
        "engagement_type": EngagementType.ROUTINE_LIAISON,
        "purpose": text("Talks"),
        "when": When.lasting(AT, 60),
        "participants": (Participant(side=Side.COUNTERPART, person_id=PERSON),),
    } | more


def labels(**others: Any) -> dict[Group, dict[str, Any]]:
    return {Group(group): to_json(value) for group, value in ({"base": MIL} | others).items()}


PROPOSED = EngagementProposed(
    **base_fields(), labels=labels(identity=MIL, exact_place=MIL, own_side=UN, source=MIL)
)
REGISTERED = OrganisationRegistered(
    organisation_kind=OrganisationKind.NGO, name=Name(text="Invented Relief"), labels=labels()
)
PLACED = PlaceRegistered(
    name=Name(text="Malakal"),
    level=PlaceLevel.ADMIN2,
    pcode="SS0801",
    area="SS0801",
    labels=labels(),
)


def seen(kind: Kind, *events: DomainEvent, erased: bool = False) -> list[Seen]:
    meta = EventMeta(RecordId.new(kind), OWNER, "officer", OWNER, "", exercise=True)
    return [
        Seen(
            type=type(event).__name__,
            event=event,
            group=event.group,
            erased=erased,
            meta=meta,
            source=SOURCES.get(kind, "contacts"),
            epoch=1,
            position=number,
            version=number,
            recorded_at=AT,
        )
        for number, event in enumerate(events, start=1)
    ]


def folded(kind: Kind, *events: DomainEvent, erased: bool = False) -> Document:
    document: Document | None = None
    for one in seen(kind, *events, erased=erased):
        document = fold(document, one)
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([PROPOSED], "proposed"),
        ([PROPOSED, ProposalAccepted()], "planned"),
        ([PROPOSED, EngagementConfirmed()], "confirmed"),
        ([PROPOSED, EngagementHeld(when=When.lasting(AT, 5))], "held"),
        ([PROPOSED, EngagementDebriefed(summary=text("well"))], "debriefed"),
        ([PROPOSED, EngagementCancelled(cancel_reason=CancelReason.ROUTES)], "cancelled"),
    ],
)
def test_an_engagement_stands_where_its_last_event_left_it(events, status) -> None:
    assert folded(Kind.ENGAGEMENT, *events).base["status"] == status


def test_an_unplanned_meeting_is_held() -> None:
    recorded = EngagementRecorded(**base_fields(), labels=labels())
    assert folded(Kind.ENGAGEMENT, recorded).base["status"] == "held"


def test_holding_an_engagement_moves_its_times() -> None:
    held = folded(Kind.ENGAGEMENT, PROPOSED, EngagementHeld(when=When.lasting(AT, 5)))
    assert held.base["ends_at"] == "2030-01-02T09:05:00Z"


def test_amending_keeps_the_status_and_forgets_who_no_longer_takes_part() -> None:
    named = ParticipantNamed(person_id=PERSON, name=Name(text="Invented Person"))
    amended = EngagementAmended(
        **base_fields(purpose=text("Other talks"), participants=()), reason=text("agreed")
    )
    document = folded(Kind.ENGAGEMENT, PROPOSED, named, EngagementConfirmed(), amended)
    assert document.base["status"] == "confirmed"
    assert document.base["title"]["text"] == "Other talks"
    assert document.parts[Group.IDENTITY].fields is None


def test_each_group_holds_its_own_content_and_version() -> None:
    document = folded(
        Kind.ENGAGEMENT,
        PROPOSED,
        ParticipantNamed(person_id=PERSON, name=Name(text="Invented Person")),
        PlacePinned(point=Point(lat=9.5, lon=31.6)),
        PreparationNoted(red_lines=(text("no escort"),)),
        SourceRecorded(person_id=RecordId.new(Kind.PERSON), description=text("a trader")),
    )
    versions = {group: part.version for group, part in document.parts.items()}
    assert versions == {
        Group.BASE: 1,
        Group.IDENTITY: 2,
        Group.EXACT_PLACE: 3,
        Group.OWN_SIDE: 4,
        Group.SOURCE: 5,
    }
    assert "person_id" not in (document.parts[Group.SOURCE].fields or {})


def test_preparation_taken_back_leaves_nothing() -> None:
    noted = PreparationNoted(red_lines=(text("no escort"),))
    document = folded(Kind.ENGAGEMENT, PROPOSED, noted, PreparationNoted())
    assert document.parts[Group.OWN_SIDE].fields is None


def test_relabelling_one_group_touches_no_other() -> None:
    relabelled = EngagementRelabelled(labels={Group.OWN_SIDE: to_json(MIL)})
    document = folded(Kind.ENGAGEMENT, PROPOSED, relabelled)
    assert document.parts[Group.BASE].version == 1
    assert document.parts[Group.OWN_SIDE].version == 2
    assert document.effective_label(Group.OWN_SIDE) == MIL


def test_a_new_base_label_is_joined_into_every_group() -> None:
    relabelled = EngagementRelabelled(labels={Group.BASE: to_json(UN)})
    document = folded(Kind.ENGAGEMENT, PROPOSED, relabelled)
    assert document.effective_label(Group.EXACT_PLACE) == join(UN, MIL)
    assert document.parts[Group.EXACT_PLACE].version == 1


def test_an_organisation_keeps_its_aliases_and_retires() -> None:
    alias = OrganisationAliasAdded(alias=Name(text="IR"))
    document = folded(Kind.ORGANISATION, REGISTERED, alias, OrganisationRetired())
    assert document.base["aliases"] == [{"text": "IR", "lang": None, "script": None}]
    assert document.base["status"] == "retired"


def test_an_amended_place_keeps_its_external_ids() -> None:
    amended = PlaceAmended(name=Name(text="Malakal Town"), level=PlaceLevel.SETTLEMENT)
    document = folded(Kind.PLACE, PLACED, amended)
    assert document.base["title"]["text"] == "Malakal Town"
    assert document.base["external_ids"] == []


def test_a_tombstone_says_that_its_text_was_erased() -> None:
    stood_in = PROPOSED.model_copy(update={"purpose": Text(text="[erased]", lang="zxx")})
    document = folded(Kind.ENGAGEMENT, stood_in, erased=True)
    assert document.base["title"] == {"text": None, "lang": "zxx", "erased": True}
    row = record_row(document, {one: 1 for one in labels_of(document)})
    assert (row["title"], row["unplaced"], row["search"]) == (None, False, "")


def test_rows_read_back_are_the_document() -> None:
    document = folded(Kind.ENGAGEMENT, PROPOSED, PlacePinned(point=Point(lat=9.5, lon=31.6)))
    ids = {one: number for number, one in enumerate(dict.fromkeys(labels_of(document)), start=1)}
    back = {number: one for one, number in ids.items()}
    record = _stored(record_row(document, ids))
    portions = [_stored(row) for row in portion_rows(document, ids)]
    assert document_of(record, portions, back) == document


def _stored(row: dict[str, Any]) -> dict[str, Any]:

    return row | {"doc": orjson.dumps(row["doc"]).decode() if row["doc"] else None}


def test_an_engagement_without_a_known_place_is_unplaced() -> None:
    words_only = Place(text="near the ferry")
    document = folded(
        Kind.ENGAGEMENT, EngagementRecorded(**base_fields(place=words_only), labels=labels())
    )
    assert record_row(document, {one: 1 for one in labels_of(document)})["unplaced"] is True


def test_an_organisation_named_twice_is_one_edge() -> None:
    twice = tuple(
        Participant(side=side, organisation_id=OWNER) for side in (Side.OURS, Side.PARTNER)
    )
    document = folded(
        Kind.ENGAGEMENT, EngagementRecorded(**base_fields(participants=twice), labels=labels())
    )
    edges = edge_rows(document, {one: 1 for one in labels_of(document)})
    assert [(edge["kind"], edge["to_id"]) for edge in edges] == [("participant", str(OWNER))]


def test_a_new_record_is_one_version_not_one_for_each_empty_group() -> None:
    steps = steps_of({}, seen(Kind.ENGAGEMENT, PROPOSED, EngagementConfirmed()))
    ids = {one: 1 for step in steps for one in labels_of(step.after)}
    rows = list(version_rows(steps, ids))
    assert [(row["version"], row["grp"]) for row in rows] == [(1, "base"), (2, "base")]
    assert rows[1]["after"] == {"status": "confirmed"}


def test_words_lose_case_accents_and_punctuation_in_any_script() -> None:
    assert words_of("Réunion, àl-Hawd_2!") == ["reunion", "al", "hawd", "2"]
    assert words_of("أُمّة") == words_of("امة")


def test_codes_and_ids_are_not_words() -> None:
    fields = {
        "title": {"text": "Talks", "lang": "en"},
        "status": "held",
        "participants": [{"side": "ours"}],
    }
    assert searchable(fields) == "'talks'"
