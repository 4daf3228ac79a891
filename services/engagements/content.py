"""What an engagement holds, group by group, and how what is wanted differs from what is known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from shared.contracts.engagements import (
    EngagementEvent,
    EngagementFields,
    Participant,
    ParticipantLinked,
    ParticipantNamed,
    PlacePinned,
    PreparationNoted,
    SourceRecorded,
)
from shared.contracts.event import Group
from shared.decider import Context
from shared.errors import FieldError, InvalidError
from shared.ids import Kind, RecordId
from shared.values import Name


@dataclass(frozen=True, slots=True)
class Content:
    """`fields` is the base group; each other group as the event that records it, or nothing."""

    fields: EngagementFields
    named: tuple[ParticipantNamed, ...] = ()
    exact_place: PlacePinned | None = None
    own_side: PreparationNoted | None = None
    sources: tuple[SourceRecorded, ...] = ()
    linked: tuple[ParticipantLinked, ...] = ()

    @property
    def names(self) -> dict[RecordId, Name]:
        return {person.person_id: person.name for person in self.named}


def references_of(content: Content) -> frozenset[RecordId]:
    """Other records the base group mentions: the gazetteer's place, whoever takes part."""
    place = content.fields.place
    mentioned = {one.organisation_id or one.person_id for one in content.fields.participants}
    mentioned.add(place.place_id if place else None)
    return frozenset(one for one in mentioned if one and one not in content.names)


def touched_in(content: Content) -> dict[str, Group]:
    """Where a request with this content speaks of a group other than the base."""
    names = content.names
    touched = {"/starts_at": Group.TIME} | ({"/place": Group.PLACE} if content.fields.place else {})
    touched |= {
        f"/participants/{at}/name": Group.IDENTITY
        for at, one in enumerate(content.fields.participants)
        if one.person_id in names
    }
    if content.exact_place:
        touched["/exact_place"] = Group.EXACT_PLACE
    if content.own_side:
        touched["/own_side"] = Group.OWN_SIDE
    if content.sources:
        touched["/source"] = Group.SOURCE
    return touched


def with_known_people(known: Content, wanted: Content) -> Content:
    """`wanted`, with each person whom `known` has on the same side under the same name kept.

    Requests name people; without this every repeated request would make new ones.
    """
    names, free = wanted.names, _people(known)
    participants, kept = list[Participant](), set[RecordId]()
    for one in wanted.fields.participants:
        name = names.get(one.person_id) if one.person_id else None
        person = next((p for p, seat in free.items() if name and seat == (one.side, name)), None)
        if person is None:
            participants.append(one)
        else:
            del free[person]
            kept |= {one.person_id} if one.person_id else set()
            participants.append(one.model_copy(update={"person_id": person}))
    return replace(
        wanted,
        fields=wanted.fields.model_copy(update={"participants": tuple(participants)}),
        named=tuple(one for one in wanted.named if one.person_id not in kept),
    )


def with_known_place(known: Content, wanted: Content) -> Content:
    """`wanted`, at the place of `known` where it names none: not everybody knows that there is one."""
    if wanted.fields.place or not known.fields.place:
        return wanted
    placed = wanted.fields.model_copy(update={"place": known.fields.place})
    return replace(wanted, fields=placed)


def parts(content: Content) -> list[EngagementEvent]:
    """Everything but the base group, as events."""
    optional = (content.exact_place, content.own_side)
    return [*content.named, *(part for part in optional if part), *content.sources]


def new_parts(known: Content, wanted: Content) -> list[EngagementEvent]:
    """What `wanted` has beyond `known`; a group it does not mention stays as it is."""
    held = (known.exact_place, known.own_side)
    return [
        part
        for part in parts(wanted)
        if part not in held and not (isinstance(part, SourceRecorded) and _is_known(part, known))
    ]


def with_part(
    known: Content,
    part: ParticipantNamed | ParticipantLinked | PlacePinned | PreparationNoted | SourceRecorded,
) -> Content:
    """`known`, once `part` has happened."""
    match part:
        case ParticipantNamed():
            return replace(known, named=(*known.named, part))
        case ParticipantLinked():
            return replace(known, linked=(*known.linked, part))
        case PlacePinned():
            return replace(known, exact_place=part)
        case PreparationNoted():
            return replace(known, own_side=part)
        case SourceRecorded():
            return replace(known, sources=(*known.sources, part))
        case _:
            assert_never(part)


def check_references(content: Content, known: Content | None, ctx: Context) -> None:
    """Raises InvalidError naming each reference that is hidden, unknown, retired or of another
    kind, which all answer alike. What the engagement mentions already may stay."""
    kept = references_of(known) if known else frozenset()
    wrong = [
        FieldError(pointer, "unknown_reference", "There is no such record.")
        for pointer, other, kind in _mentions(content)
        if other not in kept and (other.kind is not kind or other not in ctx.references)
    ]
    people = {*content.names, *(_people(known) if known else ()), *ctx.references}
    wrong += [
        FieldError(f"/participants/{at}/person_id", "unknown_reference", "There is nobody such.")
        for at, one in enumerate(content.fields.participants)
        if one.person_id and (one.person_id not in people or one.person_id.kind is not Kind.PERSON)
    ]
    if wrong:
        raise InvalidError("Some references lead nowhere.", errors=tuple(wrong))


def linked_to(content: Content, provisional_id: RecordId) -> RecordId | None:
    """The registered person whom a participant known by name turned out to be, if any."""
    found = [one.person_id for one in content.linked if one.provisional_id == provisional_id]
    return found[-1] if found else None


def _mentions(content: Content) -> Iterator[tuple[str, RecordId, Kind]]:
    place = content.fields.place
    if place and place.place_id:
        yield "/place/place_id", place.place_id, Kind.PLACE
    for at, one in enumerate(content.fields.participants):
        if one.organisation_id:
            yield f"/participants/{at}/organisation_id", one.organisation_id, Kind.ORGANISATION


def _people(content: Content) -> dict[RecordId, tuple[str, Name | None]]:
    """Side and name of each person taking part; the name is None when it was erased."""
    names = content.names
    return {
        one.person_id: (one.side, names.get(one.person_id))
        for one in content.fields.participants
        if one.person_id
    }


def _is_known(source: SourceRecorded, known: Content) -> bool:
    """Whether the same was recorded before, under another provisional person."""
    recorded = [(one.description, one.grade) for one in known.sources]
    return (source.description, source.grade) in recorded
