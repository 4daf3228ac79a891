"""What partners may send about people and posts."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.api.common import LabelledRequest, NameIn, NewRecord, Request, TextIn
from shared.contracts.people import (
    ContactMeans,
    LanguageBasis,
    LanguageCode,
    LanguageProfile,
    ProtocolTopic,
    TieKind,
)
from shared.ids import RecordId
from shared.values import AliasKind, Grade, ShortWords, Word

Aliases = Annotated[tuple["AliasIn", ...], Field(max_length=100)]


class AliasIn(Request):
    name: NameIn
    alias_kind: AliasKind = AliasKind.OTHER_NAME
    transliteration: Annotated[
        ShortWords | None, Field(description="Its Latin spelling, when it is in another script.")
    ] = None


class IdentityIn(Request):
    name: NameIn
    aliases: Aliases = ()
    form_of_address: TextIn | None = None


class ProtocolNoteIn(Request):
    topic: ProtocolTopic = ProtocolTopic.OTHER
    text: TextIn


class ContactDetailIn(Request):
    means: ContactMeans
    value: ShortWords
    note: TextIn | None = None


class PrivateIn(Request):
    """How to reach somebody; read back only through `read_private`, one recorded reading each."""

    contact_details: Annotated[tuple[ContactDetailIn, ...], Field(max_length=50)] = ()
    private_note: TextIn | None = None


class LanguageIn(Request):
    language: LanguageCode
    profile: LanguageProfile
    basis: LanguageBasis = LanguageBasis.SELF_DECLARED
    assessed_on: date | None = None
    expires_on: date | None = None


class TieIn(Request):
    organisation_id: RecordId
    tie: TieKind = TieKind.MEMBER
    since: date | None = None
    until: date | None = None
    grade: Grade = Grade()


class PersonFields(LabelledRequest):
    """`described_as`: what somebody is, for readers who may not know the name.

    Groups, languages and ties that are left out stay as they are.
    """

    described_as: TextIn
    note: TextIn | None = None
    identity: IdentityIn | None = None
    protocol: Annotated[tuple[ProtocolNoteIn, ...] | None, Field(max_length=50)] = None
    private: PrivateIn | None = None
    languages: Annotated[tuple[LanguageIn, ...], Field(max_length=50)] = ()
    ties: Annotated[tuple[TieIn, ...], Field(max_length=50)] = ()
    retired: bool = False


class RegisterPerson(PersonFields, NewRecord):
    pass


class AmendPerson(PersonFields):
    """All base fields as they should stand; other groups only when given. Unnamed labels stay."""


class Rename(IdentityIn):
    """Name, aliases and form of address as they should stand."""


class AddPersonAlias(Request):
    alias: AliasIn


class AssessLanguage(LanguageIn):
    pass


class Tie(TieIn):
    pass


class Untie(Request):
    organisation_id: RecordId
    tie: TieKind


class NoteProtocol(Request):
    """All notes as they should stand."""

    notes: Annotated[tuple[ProtocolNoteIn, ...], Field(max_length=50)] = ()


class NotePrivate(PrivateIn):
    """All private details as they should stand."""


class ReadPrivate(Request):
    """Why you need them; the reading is recorded with it, and the owner sees it."""

    reason: TextIn | None = None


class PostFields(LabelledRequest):
    name: TextIn
    organisation_id: RecordId | None = None
    place_id: RecordId | None = None
    area: Annotated[Word | None, Field(description="P-code of the area it answers for.")] = None
    note: TextIn | None = None
    retired: bool = False


class CreatePost(PostFields, NewRecord):
    pass


class AmendPost(PostFields):
    """All fields as they should stand; leaving one out clears it. Unnamed labels stay."""


class TakePost(Request):
    """Whoever holds it properly is taken to have left the day before, unless `acting`."""

    person_id: RecordId
    since: date
    acting: bool = False


class LeavePost(Request):
    person_id: RecordId
    until: date
    reason: TextIn | None = None
