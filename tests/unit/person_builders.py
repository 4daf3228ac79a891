"""People for tests: what is said of them, and how it is ordered."""

from services.contacts.person_content import Content
from shared.contracts.event import Group
from shared.contracts.people import (
    GROUPS,
    ContactDetail,
    ContactMeans,
    LanguageAssessed,
    LanguageLevel,
    LanguageProfile,
    PersonFields,
    PersonNamed,
    PersonRegistered,
    PersonTied,
    PrivateDetailsNoted,
    ProtocolNote,
    ProtocolNoted,
    ProtocolTopic,
    TieKind,
)
from shared.decider import Reference
from shared.ids import Kind, RecordId
from shared.labels import Label, label, to_json
from shared.values import Alias, Name, Text
from tests.unit.story import OURS, POLICY, a_reference

FLUENT = LanguageProfile(
    listening=LanguageLevel.L5,
    speaking=LanguageLevel.L5,
    reading=LanguageLevel.L3,
    writing=LanguageLevel.L2_PLUS,
)
CHIEF = PersonFields(described_as=Text(text="Paramount chief", lang="en"))
ELDER = PersonFields(described_as=Text(text="Elder", lang="en"))
DENG = PersonNamed(name=Name(text="Deng Invented", lang="en"))
NICKNAME = Alias(name=Name(text="Abu Deng"))
NUER = LanguageAssessed(language="nus", profile=FLUENT)
PARTY = a_reference(Kind.ORGANISATION)
MEMBER = PersonTied(organisation_id=PARTY.id, tie=TieKind.MEMBER)
GREETING = ProtocolNote(topic=ProtocolTopic.GREETING, text=Text(text="Wait", lang="en"))
PROTOCOL = ProtocolNoted(notes=(GREETING,))
PHONE = PrivateDetailsNoted(
    contact_details=(ContactDetail(means=ContactMeans.MOBILE, value="+211 900 000 001"),)
)
EVERYTHING = Content(CHIEF, DENG, PROTOCOL, PHONE, (NUER,), (MEMBER,))


def default_labels() -> dict[Group, Label]:
    """The mission's, without the caveat on private details that a test's officer does not hold."""
    labels = {group: POLICY.default(Kind.PERSON, group, OURS) for group in GROUPS[Kind.PERSON]}
    return labels | {Group.PRIVATE: label({"un": 2}, [[f"org:{OURS}"]])}


def a_person(**labels: Label) -> PersonRegistered:
    """Registered; `labels` by group instead of the usual ones."""
    asked = default_labels() | {Group(name): value for name, value in labels.items()}
    return PersonRegistered(
        **dict(CHIEF), labels={group: to_json(value) for group, value in asked.items()}
    )


def another_person(**labels: Label) -> Reference:
    """One to merge with, whose groups are labelled as told."""
    asked = default_labels() | {Group(name): value for name, value in labels.items()}
    return Reference(RecordId.new(Kind.PERSON), asked[Group.BASE], "active", asked)
