"""Every order about a person, what it needs the right to do, and which groups it touches."""

from dataclasses import dataclass

from services.contacts.person_content import Content, TieKey, touched_in
from shared.contracts.event import Group
from shared.contracts.people import (
    LanguageAssessed,
    PersonNamed,
    PersonTied,
    PrivateDetailsNoted,
    ProtocolNoted,
)
from shared.ids import RecordId
from shared.labels_asked import NOTHING_ASKED, LabelsAsked
from shared.roles import Action
from shared.values import Alias, ExternalId, Text


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    content: Content
    labels: LabelsAsked = NOTHING_ASKED
    external_ids: tuple[ExternalId, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class AmendPerson:
    """The base's fields as they should stand; the rest where given. `retired`: is, or is to be."""

    content: Content
    labels: LabelsAsked = NOTHING_ASKED
    retired: bool = False


@dataclass(frozen=True, slots=True)
class RenamePerson:
    named: PersonNamed


@dataclass(frozen=True, slots=True)
class AddPersonAlias:
    alias: Alias


@dataclass(frozen=True, slots=True)
class AssessLanguage:
    spoken: LanguageAssessed


@dataclass(frozen=True, slots=True)
class TiePerson:
    tie: PersonTied


@dataclass(frozen=True, slots=True)
class UntiePerson:
    key: TieKey


@dataclass(frozen=True, slots=True)
class NoteProtocol:
    noted: ProtocolNoted


@dataclass(frozen=True, slots=True)
class NotePrivate:
    noted: PrivateDetailsNoted


@dataclass(frozen=True, slots=True)
class ReadPrivate:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class MergePerson:
    """`itself` and `into` are the same; `into` goes on."""

    itself: RecordId
    into: RecordId
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class UnmergePerson:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RetirePerson:
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class RelabelPerson:
    labels: LabelsAsked
    reason: Text | None = None


# What adds to a person who is there to be met.
Noting = (
    RenamePerson
    | AddPersonAlias
    | AssessLanguage
    | TiePerson
    | UntiePerson
    | NoteProtocol
    | NotePrivate
)
Command = (
    RegisterPerson
    | AmendPerson
    | Noting
    | ReadPrivate
    | MergePerson
    | UnmergePerson
    | RetirePerson
    | RelabelPerson
)


def action(command: Command) -> Action:
    match command:
        case RegisterPerson():
            return Action.CREATE
        case ReadPrivate():
            return Action.RESPOND
        case RetirePerson():
            return Action.RETIRE
        case RelabelPerson():
            return Action.RELABEL
        case _:
            return Action.CHANGE


def references(command: Command) -> frozenset[RecordId]:
    match command:
        case RegisterPerson(content) | AmendPerson(content):
            return frozenset(tie.organisation_id for tie in content.ties)
        case TiePerson(tie):
            return frozenset({tie.organisation_id})
        case MergePerson(into=into):
            return frozenset({into})
        case _:
            return frozenset()


def touches(command: Command) -> dict[str, Group]:
    """Where the request gives content or labels of a group other than the base."""
    match command:
        case RegisterPerson(content, labels) | AmendPerson(content, labels):
            return touched_in(content) | labels.touches
        case RenamePerson():
            return {"/name": Group.IDENTITY}
        case AddPersonAlias():
            return {"/alias": Group.IDENTITY}
        case NoteProtocol():
            return {"/notes": Group.PROTOCOL}
        case NotePrivate():
            return {"/contact_details": Group.PRIVATE}
        case RelabelPerson(labels):
            return labels.touches
        case _:
            return {}
