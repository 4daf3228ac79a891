"""The rules of a person: every command in every state, and what is worth saying of them."""

from dataclasses import replace
from datetime import date

import pytest

from services.contacts.merging import Status
from services.contacts.person import person
from services.contacts.person_commands import (
    AddPersonAlias,
    AmendPerson,
    AssessLanguage,
    MergePerson,
    NotePrivate,
    NoteProtocol,
    ReadPrivate,
    RegisterPerson,
    RelabelPerson,
    RenamePerson,
    RetirePerson,
    TiePerson,
    UnmergePerson,
    UntiePerson,
)
from services.contacts.person_content import Content, key_of
from shared.contracts.event import Group
from shared.contracts.people import (
    LanguageLevel,
    PersonMerged,
    PersonRetired,
    ProtocolNoted,
)
from shared.ids import Kind, RecordId
from shared.labels import from_json, join, label
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from tests.unit.person_builders import (
    CHIEF,
    DENG,
    ELDER,
    EVERYTHING,
    FLUENT,
    MEMBER,
    NICKNAME,
    NUER,
    PARTY,
    PHONE,
    PROTOCOL,
    a_person,
    another_person,
    default_labels,
)
from tests.unit.story import OURS, Story, a_reference
from tests.unit.tables import cells

MILITARY = WireLabel(level="confidential", releasable_to=(("mil",),))
MIL_ONLY = label({"un": 2}, [[f"org:{OURS}", "community:mil"]])
UN_ONLY = label({"un": 1}, [["community:un"]])
ITSELF, OTHER, THIRD = RecordId.new(Kind.PERSON), another_person(), another_person()

registered, retired = a_person(), PersonRetired()
told = (registered, DENG, NUER, MEMBER, PROTOCOL, PHONE)
merged = PersonMerged(into=OTHER.id, labels=registered.labels)

STATES = {
    "absent": (),
    "active": told,
    "retired": (*told, retired),
    "merged": (*told, merged),
}
COMMANDS = {
    "register": RegisterPerson(Content(CHIEF)),
    "register wholly": RegisterPerson(EVERYTHING, retired=True),
    "amend": AmendPerson(Content(ELDER)),
    "amend nothing": AmendPerson(EVERYTHING),
    "amend, retired": AmendPerson(Content(ELDER), retired=True),
    "rename": RenamePerson(DENG.model_copy(update={"aliases": (NICKNAME,)})),
    "rename nothing": RenamePerson(DENG),
    "alias": AddPersonAlias(NICKNAME),
    "language": AssessLanguage(NUER.model_copy(update={"language": "din"})),
    "language nothing": AssessLanguage(NUER),
    "tie": TiePerson(MEMBER.model_copy(update={"since": date(2029, 1, 1)})),
    "tie nothing": TiePerson(MEMBER),
    "untie": UntiePerson(key_of(MEMBER)),
    "protocol": NoteProtocol(ProtocolNoted()),
    "protocol nothing": NoteProtocol(PROTOCOL),
    "private": NotePrivate(PHONE.model_copy(update={"contact_details": ()})),
    "private nothing": NotePrivate(PHONE),
    "read private": ReadPrivate(),
    "merge": MergePerson(ITSELF, OTHER.id),
    "merge elsewhere": MergePerson(ITSELF, THIRD.id),
    "unmerge": UnmergePerson(),
    "retire": RetirePerson(),
    "relabel": RelabelPerson(LabelsAsked(MILITARY)),
    "relabel nothing": RelabelPerson(LabelsAsked()),
}
WHOLE = "registered + language_assessed + tied + named + protocol_noted + private_noted + retired"
TABLE = f"""
command          | absent     | active            | retired      | merged
register         | registered | Rejected          | Rejected     | Rejected
register wholly  | {WHOLE}    | Rejected          | Rejected     | Rejected
amend            | NotFound   | amended           | Rejected     | Rejected
amend nothing    | NotFound   | nothing           | Rejected     | nothing
amend, retired   | NotFound   | amended + retired | amended      | Rejected
rename           | NotFound   | named             | Rejected     | Rejected
rename nothing   | NotFound   | nothing           | Rejected     | Rejected
alias            | NotFound   | alias_added       | Rejected     | Rejected
language         | NotFound   | language_assessed | Rejected     | Rejected
language nothing | NotFound   | nothing           | Rejected     | Rejected
tie              | NotFound   | tied              | Rejected     | Rejected
tie nothing      | NotFound   | nothing           | Rejected     | Rejected
untie            | NotFound   | untied            | Rejected     | Rejected
protocol         | NotFound   | protocol_noted    | Rejected     | Rejected
protocol nothing | NotFound   | nothing           | Rejected     | Rejected
private          | NotFound   | private_noted     | Rejected     | Rejected
private nothing  | NotFound   | nothing           | Rejected     | Rejected
read private     | NotFound   | private_read      | private_read | private_read
merge            | NotFound   | merged            | merged       | nothing
merge elsewhere  | NotFound   | merged            | merged       | Rejected
unmerge          | NotFound   | nothing           | nothing      | unmerged
retire           | NotFound   | retired           | nothing      | Rejected
relabel          | NotFound   | relabelled        | relabelled   | Rejected
relabel nothing  | NotFound   | nothing           | nothing      | Rejected
"""


@pytest.fixture
def story():
    return Story(person).knowing(PARTY, OTHER, THIRD)


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


def test_the_table_holds_every_command():
    assert {command for command, _, _ in cells(TABLE)} == set(COMMANDS)


def test_what_was_said_once_is_not_said_again(story):
    made = story.when(RegisterPerson(EVERYTHING)).events
    story.given(*made).when(AmendPerson(EVERYTHING)).then_nothing()


def test_that_there_is_nothing_to_note_is_no_news(story):
    silent = Content(CHIEF, protocol=ProtocolNoted())
    assert story.when(RegisterPerson(silent)).types == ["registered"]
    story.given(registered).when(NoteProtocol(ProtocolNoted())).then_nothing()


def test_an_alias_is_kept_beside_the_name(story):
    given = story.given(registered, DENG, *story.given(*told).when(AddPersonAlias(NICKNAME)).events)
    given.when(AddPersonAlias(NICKNAME)).then_nothing()
    assert given.state.content.named.aliases == (NICKNAME,)


def test_nobody_has_an_alias_before_he_has_a_name(story):
    assert story.given(registered).when(AddPersonAlias(NICKNAME)).summary == "Rejected"


def test_a_language_judged_anew_replaces_what_was_said_of_it(story):
    better = NUER.model_copy(
        update={"profile": FLUENT.model_copy(update={"writing": LanguageLevel.L5})}
    )
    given = story.given(*told, better)
    assert given.state.content.languages == (better,)


def test_the_same_language_twice_names_the_second(story):
    twice = Content(CHIEF, languages=(NUER, NUER))
    story.when(RegisterPerson(twice)).then_names("/languages/1", "repeated")


def test_the_same_tie_twice_names_the_second(story):
    twice = Content(CHIEF, ties=(MEMBER, MEMBER))
    story.when(RegisterPerson(twice)).then_names("/ties/1", "repeated")


def test_a_tie_that_ends_before_it_begins_names_its_end(story):
    wrong = MEMBER.model_copy(update={"since": date(2030, 1, 2), "until": date(2030, 1, 1)})
    story.given(registered).when(TiePerson(wrong)).then_names("/until", "invalid")


@pytest.mark.parametrize("kind", [Kind.ORGANISATION, Kind.PERSON])
def test_a_tie_to_nothing_known_names_its_field(story, kind):
    lost = MEMBER.model_copy(update={"organisation_id": a_reference(kind).id})
    ending = story.given(registered).when(TiePerson(lost))
    ending.then_names("/organisation_id", "unknown_reference")
    registering = story.when(RegisterPerson(Content(CHIEF, ties=(lost,))))
    registering.then_names("/ties/0/organisation_id", "unknown_reference")


def test_a_tie_to_an_organisation_that_was_retired_since_may_end(story):
    ended = MEMBER.model_copy(update={"until": date(2030, 1, 1)})
    forgotten = replace(story, context=replace(story.context, references={}))
    assert forgotten.given(*told).when(TiePerson(ended)).types == ["tied"]


def test_who_does_not_read_the_group_reads_no_details_whether_there_are_any_or_not(story):
    hidden = a_person(private=label({"un": 3}, [["community:un"]]))
    assert story.given(hidden).when(ReadPrivate()).summary == "NotFound"
    assert story.given(hidden, PHONE).when(ReadPrivate()).summary == "NotFound"


def test_labels_of_a_merger_are_those_of_both_joined(story):
    base, identity = MIL_ONLY, label({"un": 2}, [["community:mil"]])
    other = another_person(base=base, identity=identity)
    ending = story.knowing(other).given(*told).when(MergePerson(ITSELF, other.id))
    usual = default_labels()
    assert {group: from_json(value) for group, value in ending.events[0].labels.items()} == {
        Group.BASE: join(usual[Group.BASE], base),
        Group.IDENTITY: join(usual[Group.IDENTITY], identity),
        Group.PROTOCOL: usual[Group.PROTOCOL],
    }


def test_a_merger_that_its_writer_could_not_read_back_names_the_other(story):
    hidden = another_person(identity=UN_ONLY)
    ending = story.knowing(hidden).given(*told).when(MergePerson(ITSELF, hidden.id))
    ending.then_names("/into", "label_not_readable")


@pytest.mark.parametrize("into", [ITSELF, another_person().id, PARTY.id])
def test_nobody_is_merged_into_himself_or_nobody_or_another_kind(story, into):
    myself = replace(OTHER, id=ITSELF)
    ending = story.knowing(myself).given(*told).when(MergePerson(ITSELF, into))
    ending.then_names("/into", "unknown_reference")


@pytest.mark.parametrize("before", ["active", "retired"])
def test_undone_a_merger_leaves_everything_exactly_as_it_was(story, before):
    other = another_person(base=MIL_ONLY, identity=MIL_ONLY)
    given = story.knowing(other).given(*STATES[before])
    changed = given.given(*given.when(MergePerson(ITSELF, other.id)).events)
    undone = changed.given(*changed.when(UnmergePerson()).events)
    assert changed.state.status is Status.MERGED
    assert undone.state == given.state


def test_a_merged_person_says_what_to_do(story):
    ending = story.given(*STATES["merged"]).when(RenamePerson(DENG))
    assert "amend that one" in ending.refused.detail


def test_a_list_sent_again_after_a_merger_changes_nothing(story):
    labelled = LabelsAsked(MILITARY)
    made = story.when(RegisterPerson(Content(CHIEF), labelled)).events
    given = story.given(*made)
    gone = given.given(*given.when(MergePerson(ITSELF, OTHER.id)).events)
    gone.when(AmendPerson(Content(CHIEF), labelled)).then_nothing()
