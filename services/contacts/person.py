"""The rules of a person.

| command      | absent              | active                | retired              | merged              |
|--------------|---------------------|-----------------------|----------------------|---------------------|
| register     | registered (1)      | Rejected              | Rejected             | Rejected            |
| amend        | NotFound            | (relabelled +)        | the same; Rejected   | Rejected, unless it |
|              |                     | amended (1)           | unless it stays so   | changes nothing     |
| rename       | NotFound            | named                 | Rejected             | Rejected            |
| alias        | NotFound            | alias added (2)       | Rejected             | Rejected            |
| language     | NotFound            | language assessed     | Rejected             | Rejected            |
| tie, untie   | NotFound            | tied, untied          | Rejected             | Rejected            |
| protocol     | NotFound            | protocol noted        | Rejected             | Rejected            |
| private      | NotFound            | private noted         | Rejected             | Rejected            |
| read private | NotFound            | private read (3)      | private read (3)     | private read (3)    |
| merge        | NotFound            | merged                | merged               | nothing; Rejected   |
|              |                     |                       |                      | into another        |
| unmerge      | NotFound            | nothing               | nothing              | unmerged            |
| retire       | NotFound            | retired               | nothing              | Rejected            |
| relabel      | NotFound            | relabelled            | relabelled           | Rejected            |

(1) and an event for each language, tie and field group that is given and new (+ retired). (2) to somebody who
has a name. (3) NotFound for those who do not read the group, whatever it holds.
What would change nothing makes no event, so that an import can be repeated; but a reading is always one.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from services.contacts import person_commands as commands
from services.contacts.merging import Merger, Status, merged_away, merged_labels
from services.contacts.person_commands import (
    AddPersonAlias,
    AmendPerson,
    AssessLanguage,
    Command,
    MergePerson,
    NotePrivate,
    NoteProtocol,
    Noting,
    ReadPrivate,
    RegisterPerson,
    RelabelPerson,
    RenamePerson,
    RetirePerson,
    TiePerson,
    UnmergePerson,
    UntiePerson,
)
from services.contacts.person_content import (
    Content,
    aliases_of,
    check_content,
    key_of,
    language_errors,
    new_parts,
    raise_for,
    tie_errors,
    with_part,
)
from shared.contracts.event import Group, Labels, fields_of
from shared.contracts.people import (
    GROUPS,
    LanguageAssessed,
    PersonAliasAdded,
    PersonAmended,
    PersonEvent,
    PersonFields,
    PersonMerged,
    PersonNamed,
    PersonRegistered,
    PersonRelabelled,
    PersonRetired,
    PersonTied,
    PersonUnmerged,
    PersonUntied,
    PrivateDetailsNoted,
    PrivateDetailsRead,
    ProtocolNoted,
)
from shared.decider import Context, Decider
from shared.errors import NotFoundError, RejectedError
from shared.ids import Kind
from shared.labels import from_json, reads
from shared.labels_asked import LabelsAsked
from shared.record_state import effective
from shared.values import Text


@dataclass(frozen=True, slots=True)
class Person:
    """`content` and `labels` are kept to see whether a command would change anything."""

    status: Status = Status.ABSENT
    content: Content | None = None
    labels: Labels = field(default_factory=dict)
    merger: Merger | None = None


def decide(state: Person, command: Command, ctx: Context) -> list[PersonEvent]:  # noqa: C901 - one arm a rule
    match command:
        case RegisterPerson():
            if state.status is not Status.ABSENT:
                raise RejectedError("This person is registered already.")
            return _register(command, ctx)
        case _ if state.content is None:
            raise NotFoundError
        case AmendPerson():
            return _amend(state, state.content, command, ctx)
        case ReadPrivate(reason):
            return _read_private(state, reason, ctx)
        case UnmergePerson(reason):
            merger = state.merger
            return [PersonUnmerged(labels=merger.labels, reason=reason)] if merger else []
        case MergePerson():
            return _merge(state, command, ctx)
        case _ if state.status is Status.MERGED:
            raise merged_away()
        case RetirePerson(reason):
            # A client's retry must be harmless.
            return [PersonRetired(reason=reason)] if state.status is Status.ACTIVE else []
        case RelabelPerson(asked, reason):
            return _relabel(state, asked, reason, ctx)
        case _ if state.status is Status.RETIRED:
            raise RejectedError("This person is retired; nothing more is noted.")
        case _:
            return _note(state.content, command, ctx)


def evolve(state: Person, event: PersonEvent) -> Person:  # noqa: C901 - one arm an event
    match event:
        case PersonRegistered():
            content = Content(fields_of(event, PersonFields))
            return Person(Status.ACTIVE, content, event.labels)
        case PersonAmended():
            fields = fields_of(event, PersonFields)
            return replace(state, content=replace(_known(state), fields=fields))
        case PersonRetired():
            return replace(state, status=Status.RETIRED)
        case PersonRelabelled(labels=labels):
            return replace(state, labels=state.labels | labels)
        case PersonMerged(labels=labels, into=into):
            merger = Merger(into, state.status, state.labels)
            labels = state.labels | labels
            return replace(state, status=Status.MERGED, labels=labels, merger=merger)
        case PersonUnmerged(labels=labels):
            status = state.merger.status if state.merger else state.status
            labels = state.labels | labels
            return replace(state, status=status, labels=labels, merger=None)
        case PrivateDetailsRead():
            return state
        case (
            PersonNamed()
            | PersonAliasAdded()
            | LanguageAssessed()
            | PersonTied()
            | PersonUntied()
            | ProtocolNoted()
            | PrivateDetailsNoted()
        ):
            return replace(state, content=with_part(_known(state), event))
        case _:
            assert_never(event)


def _register(command: RegisterPerson, ctx: Context) -> list[PersonEvent]:
    content = command.content
    check_content(content, None, ctx)
    registered = PersonRegistered(
        **dict(content.fields),
        labels=command.labels.for_new(Kind.PERSON, GROUPS[Kind.PERSON], ctx),
        external_ids=command.external_ids,
    )
    noted = new_parts(Content(content.fields), content)
    return [registered, *noted, PersonRetired()] if command.retired else [registered, *noted]


def _amend(state: Person, known: Content, command: AmendPerson, ctx: Context) -> list[PersonEvent]:
    if state.merger:
        before = replace(state, status=state.merger.status, labels=state.merger.labels, merger=None)
        if _amend(before, known, command, ctx):
            raise merged_away()
        return []
    if state.status is Status.RETIRED and not command.retired:
        raise RejectedError("This person is retired; register somebody anew.")
    check_content(command.content, known, ctx)
    events = _relabel(state, command.labels, None, ctx)
    if command.content.fields != known.fields:
        events.append(PersonAmended(**dict(command.content.fields)))
    events += new_parts(known, command.content)
    if command.retired and state.status is Status.ACTIVE:
        events.append(PersonRetired())
    return events


def _note(known: Content, command: Noting, ctx: Context) -> list[PersonEvent]:  # noqa: C901 - one arm a command
    match command:
        case RenamePerson(named):
            return new_parts(known, Content(known.fields, named=named))
        case AddPersonAlias(alias):
            if known.named is None:
                raise RejectedError("Say the name before another one is added.")
            return [] if alias in aliases_of(known) else [PersonAliasAdded(alias=alias)]
        case AssessLanguage(spoken):
            raise_for(language_errors("", spoken))
            return new_parts(known, Content(known.fields, languages=(spoken,)))
        case TiePerson(tie):
            raise_for(tie_errors("", tie, known, ctx))
            return new_parts(known, Content(known.fields, ties=(tie,)))
        case UntiePerson(key):
            known_keys = [key_of(one) for one in known.ties]
            return [PersonUntied(organisation_id=key[0], tie=key[1])] if key in known_keys else []
        case NoteProtocol(noted):
            return new_parts(known, Content(known.fields, protocol=noted))
        case NotePrivate(noted):
            return new_parts(known, Content(known.fields, private=noted))
        case _:
            assert_never(command)


def _read_private(state: Person, reason: Text | None, ctx: Context) -> list[PersonEvent]:
    """Who does not read the group hears what he would hear of a verb that does not exist."""
    labels = {group: from_json(value) for group, value in state.labels.items()}
    if not reads(ctx.principal.clearance, effective(labels, Group.PRIVATE)):
        raise NotFoundError
    return [PrivateDetailsRead(reason=reason)]


def _merge(state: Person, command: MergePerson, ctx: Context) -> list[PersonEvent]:
    if state.merger:
        if command.into == state.merger.into:
            return []
        raise merged_away()
    labels = merged_labels(state.labels, command.itself, command.into, ctx)
    return [PersonMerged(labels=labels, into=command.into, reason=command.reason)]


def _relabel(
    state: Person, asked: LabelsAsked, reason: Text | None, ctx: Context
) -> list[PersonEvent]:
    labels = asked.for_known(GROUPS[Kind.PERSON], ctx)
    if state.labels | labels == state.labels:
        return []
    return [PersonRelabelled(labels=labels, reason=reason)]


def _known(state: Person) -> Content:
    if state.content is None:
        raise NotFoundError
    return state.content


person: Decider[Command, PersonEvent, Person] = Decider(
    kind=Kind.PERSON,
    groups=GROUPS[Kind.PERSON],
    initial=Person(),
    decide=decide,
    evolve=evolve,
    action=commands.action,
    references=commands.references,
    touches=commands.touches,
)
