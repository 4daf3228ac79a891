"""What can happen to a person. Each event touches one field group.

The base says what somebody is, for those who may not know who it is; the name is in the identity group,
telephone numbers and the like in the private group. All of it is sealed under the person's own key.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.contracts.event import SEALED, DomainEvent, Group, Labelled, Relabelling
from shared.ids import Kind, RecordId
from shared.values import Alias, ExternalId, Grade, Name, ShortWords, Text, Value

GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.PERSON: (Group.BASE, Group.IDENTITY, Group.PROTOCOL, Group.PRIVATE),
}

LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{3}$"), Field(description="ISO 639-3.")
]


class LanguageLevel(StrEnum):
    """STANAG 6001: 0 none, 1 survival, 2 functional, 3 professional, 4 expert, 5 native; + well above."""

    L0 = "0"
    L0_PLUS = "0+"
    L1 = "1"
    L1_PLUS = "1+"
    L2 = "2"
    L2_PLUS = "2+"
    L3 = "3"
    L3_PLUS = "3+"
    L4 = "4"
    L4_PLUS = "4+"
    L5 = "5"


class LanguageBasis(StrEnum):
    CERTIFIED = "certified"
    SELF_DECLARED = "self_declared"
    OBSERVED = "observed"


class LanguageProfile(Value):
    """Standardised language profile, in STANAG 6001's order: listening, speaking, reading, writing."""

    listening: LanguageLevel
    speaking: LanguageLevel
    reading: LanguageLevel
    writing: LanguageLevel


class ProtocolTopic(StrEnum):
    FORM_OF_ADDRESS = "form_of_address"
    GREETING = "greeting"
    SEATING = "seating"
    GIFTS = "gifts"
    FOOD_AND_DRINK = "food_and_drink"
    GENDER_CUSTOMS = "gender_customs"
    HOLY_DAYS = "holy_days"
    SUBJECTS_TO_AVOID = "subjects_to_avoid"
    OTHER = "other"


class ProtocolNote(Value):
    topic: ProtocolTopic
    text: Text


class ContactMeans(StrEnum):
    MOBILE = "mobile"
    TELEPHONE = "telephone"
    SATELLITE_PHONE = "satellite_phone"
    RADIO = "radio"
    EMAIL = "email"
    MESSENGER = "messenger"
    ADDRESS = "address"
    COURIER = "courier"
    OTHER = "other"


class ContactDetail(Value):
    means: ContactMeans
    value: ShortWords
    note: Text | None = None


class TieKind(StrEnum):
    """How a person belongs to an organisation, beside any post held there."""

    MEMBER = "member"
    EMPLOYEE = "employee"
    LEADER = "leader"
    SPEAKS_FOR = "speaks_for"
    ADVISES = "advises"
    FOUNDER = "founder"
    FORMER_MEMBER = "former_member"


class PersonFields(DomainEvent):
    """`described_as`: what somebody is, without the name ("Paramount chief, Akobo")."""

    described_as: Annotated[Text, SEALED]
    note: Annotated[Text | None, SEALED] = None


class PersonRegistered(PersonFields, Labelled):
    type: Literal["person.registered.v1"] = "person.registered.v1"
    external_ids: tuple[ExternalId, ...] = ()


class PersonAmended(PersonFields):
    """All amendable base fields as they stand from now on."""

    type: Literal["person.amended.v1"] = "person.amended.v1"


class PersonNamed(DomainEvent):
    """Who it is, as it stands from now on: the first name given, and every renaming."""

    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["person.named.v1"] = "person.named.v1"
    name: Annotated[Name, SEALED]
    aliases: Annotated[tuple[Alias, ...], SEALED] = ()
    form_of_address: Annotated[Text | None, SEALED] = None


class PersonAliasAdded(DomainEvent):
    group: ClassVar[Group] = Group.IDENTITY
    type: Literal["person.alias_added.v1"] = "person.alias_added.v1"
    alias: Annotated[Alias | None, SEALED] = None


class LanguageAssessed(DomainEvent):
    """How well somebody speaks a language; replaces what was said of the same language before."""

    type: Literal["person.language_assessed.v1"] = "person.language_assessed.v1"
    language: LanguageCode
    profile: LanguageProfile
    basis: LanguageBasis = LanguageBasis.SELF_DECLARED
    assessed_on: date | None = None
    expires_on: date | None = None


class PersonTied(DomainEvent):
    """Belongs to an organisation; replaces an earlier tie of the same kind to it."""

    type: Literal["person.tied.v1"] = "person.tied.v1"
    organisation_id: RecordId
    tie: TieKind
    since: date | None = None
    until: date | None = None
    grade: Grade = Grade()


class PersonUntied(DomainEvent):
    """That tie was never so: it is taken back. One that ended has an `until`."""

    type: Literal["person.untied.v1"] = "person.untied.v1"
    organisation_id: RecordId
    tie: TieKind


class ProtocolNoted(DomainEvent):
    """All protocol notes as they stand from now on."""

    group: ClassVar[Group] = Group.PROTOCOL
    type: Literal["person.protocol_noted.v1"] = "person.protocol_noted.v1"
    notes: Annotated[tuple[ProtocolNote, ...], SEALED] = ()


class PrivateDetailsNoted(DomainEvent):
    """How to reach somebody, and private notes, as they stand from now on."""

    group: ClassVar[Group] = Group.PRIVATE
    type: Literal["person.private_noted.v1"] = "person.private_noted.v1"
    contact_details: Annotated[tuple[ContactDetail, ...], SEALED] = ()
    private_note: Annotated[Text | None, SEALED] = None


class PrivateDetailsRead(DomainEvent):
    """Somebody was shown the private details: one event a reading; who it was is in its meta."""

    group: ClassVar[Group] = Group.PRIVATE
    type: Literal["person.private_read.v1"] = "person.private_read.v1"
    reason: Annotated[Text | None, SEALED] = None


class PersonMerged(Relabelling):
    """The same as another person; labels become the join of both, and this record leads there."""

    type: Literal["person.merged.v1"] = "person.merged.v1"
    into: RecordId
    reason: Annotated[Text | None, SEALED] = None


class PersonUnmerged(Relabelling):
    """Not the same after all; status and labels are again those from before the merger."""

    widens: ClassVar[bool] = True
    type: Literal["person.unmerged.v1"] = "person.unmerged.v1"
    reason: Annotated[Text | None, SEALED] = None


class PersonRetired(DomainEvent):
    type: Literal["person.retired.v1"] = "person.retired.v1"
    reason: Annotated[Text | None, SEALED] = None


class PersonRelabelled(Relabelling):
    type: Literal["person.relabelled.v1"] = "person.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


PersonEvent = (
    PersonRegistered
    | PersonAmended
    | PersonNamed
    | PersonAliasAdded
    | LanguageAssessed
    | PersonTied
    | PersonUntied
    | ProtocolNoted
    | PrivateDetailsNoted
    | PrivateDetailsRead
    | PersonMerged
    | PersonUnmerged
    | PersonRetired
    | PersonRelabelled
)
