"""The rules of an organisation: every command in every state, and what is worth saying of them."""

import pytest

from services.contacts.organisation import (
    AddAlias,
    AmendOrganisation,
    MergeOrganisation,
    RegisterOrganisation,
    RelabelOrganisation,
    RetireOrganisation,
    UnmergeOrganisation,
    organisation,
)
from shared.contracts.contacts import (
    OrganisationAliasAdded,
    OrganisationAmended,
    OrganisationFields,
    OrganisationKind,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationRelabelled,
    OrganisationRetired,
)
from shared.contracts.event import Group
from shared.decider import Reference
from shared.errors import RejectedError
from shared.ids import Kind, RecordId
from shared.labels import to_json
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import ExternalId, Name
from tests.unit.story import OURS, POLICY, Story, a_reference
from tests.unit.tables import cells

RIVER_AID = OrganisationFields(
    organisation_kind=OrganisationKind.NGO, name=Name(text="River Aid", lang="en")
)
RENAMED = RIVER_AID.model_copy(update={"name": Name(text="River Relief", lang="en")})
ALIAS = Name(text="RA")
MILITARY = WireLabel(level="confidential", releasable_to=(("mil",),))
DEFAULT = to_json(POLICY.default(Kind.ORGANISATION, Group.BASE, OURS))

registered = OrganisationRegistered(**dict(RIVER_AID), labels={Group.BASE: DEFAULT})
retired = OrganisationRetired()
ITSELF = RecordId.new(Kind.ORGANISATION)
OTHER, THIRD = a_reference(Kind.ORGANISATION), a_reference(Kind.ORGANISATION)
merged = OrganisationMerged(into=OTHER.id, labels=registered.labels)

STATES = {
    "absent": (),
    "active": (registered,),
    "retired": (registered, retired),
    "merged": (registered, merged),
}
COMMANDS = {
    "register": RegisterOrganisation(RIVER_AID),
    "register as retired": RegisterOrganisation(RIVER_AID, retired=True),
    "amend": AmendOrganisation(RENAMED),
    "amend nothing": AmendOrganisation(RIVER_AID),
    "amend, retired": AmendOrganisation(RENAMED, retired=True),
    "amend nothing, retired": AmendOrganisation(RIVER_AID, retired=True),
    "alias": AddAlias(ALIAS),
    "alias known": AddAlias(RIVER_AID.name),
    "merge": MergeOrganisation(ITSELF, OTHER.id),
    "merge elsewhere": MergeOrganisation(ITSELF, THIRD.id),
    "unmerge": UnmergeOrganisation(),
    "retire": RetireOrganisation(),
    "relabel": RelabelOrganisation(LabelsAsked(MILITARY)),
    "relabel nothing": RelabelOrganisation(LabelsAsked()),
}
TABLE = """
command                | absent               | active            | retired    | merged
register               | registered           | Rejected          | Rejected   | Rejected
register as retired    | registered + retired | Rejected          | Rejected   | Rejected
amend                  | NotFound             | amended           | Rejected   | Rejected
amend nothing          | NotFound             | nothing           | Rejected   | nothing
amend, retired         | NotFound             | amended + retired | amended    | Rejected
amend nothing, retired | NotFound             | retired           | nothing    | Rejected
alias                  | NotFound             | alias_added       | Rejected   | Rejected
alias known            | NotFound             | nothing           | Rejected   | Rejected
merge                  | NotFound             | merged            | merged     | nothing
merge elsewhere        | NotFound             | merged            | merged     | Rejected
unmerge                | NotFound             | nothing           | nothing    | unmerged
retire                 | NotFound             | retired           | nothing    | Rejected
relabel                | NotFound             | relabelled        | relabelled | Rejected
relabel nothing        | NotFound             | nothing           | nothing    | Rejected
"""


@pytest.fixture
def story():
    return Story(organisation).knowing(OTHER, THIRD)


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


def test_the_table_holds_every_command():
    assert {command for command, _, _ in cells(TABLE)} == set(COMMANDS)


def test_a_registered_organisation_keeps_what_was_said_and_the_missions_default_label(story):
    river = ExternalId(system="ocha", id="7")
    ending = story.when(RegisterOrganisation(RIVER_AID, external_ids=(river,)))
    ending.then(registered.model_copy(update={"external_ids": (river,)}))


def test_a_label_asked_for_is_the_label_given(story):
    ending = story.when(RegisterOrganisation(RIVER_AID, LabelsAsked(MILITARY)))
    assert ending.events[0].labels == {Group.BASE: to_json(POLICY.label(MILITARY, OURS))}


def test_an_unknown_level_names_its_field(story):
    wrong = LabelsAsked(WireLabel(level="cosmic"))
    story.when(RegisterOrganisation(RIVER_AID, wrong)).then_names("/label/level", "unknown_level")


def test_an_affiliation_the_caller_may_use_is_kept(story):
    party = a_reference(Kind.ORGANISATION)
    wanted = RIVER_AID.model_copy(update={"affiliation": party.id})
    assert story.knowing(party).when(RegisterOrganisation(wanted)).types == ["registered"]


@pytest.mark.parametrize("kind", [Kind.ORGANISATION, Kind.PLACE])
def test_an_affiliation_that_is_hidden_or_unknown_names_its_field(story, kind):
    wanted = RIVER_AID.model_copy(update={"affiliation": a_reference(kind).id})
    ending = story.when(RegisterOrganisation(wanted))
    ending.then_names("/affiliation", "unknown_reference")


def test_an_affiliation_to_a_place_is_no_affiliation(story):
    place = a_reference(Kind.PLACE)
    wanted = RIVER_AID.model_copy(update={"affiliation": place.id})
    ending = story.knowing(place).when(RegisterOrganisation(wanted))
    ending.then_names("/affiliation", "unknown_reference")


def test_an_affiliation_that_was_retired_since_may_stay(story):
    party = a_reference(Kind.ORGANISATION)
    kept = {"affiliation": party.id}
    given = story.given(registered.model_copy(update=kept))
    assert given.when(AmendOrganisation(RENAMED.model_copy(update=kept))).types == ["amended"]


def test_amending_says_all_fields_as_they_stand(story):
    ending = story.given(registered).when(AmendOrganisation(RENAMED))
    ending.then(OrganisationAmended(**dict(RENAMED)))


def test_amending_with_another_label_relabels_first(story):
    ending = story.given(registered).when(AmendOrganisation(RENAMED, LabelsAsked(MILITARY)))
    assert ending.types == ["relabelled", "amended"]


def test_amending_with_the_same_label_does_not_relabel(story):
    relabelled = story.when(RegisterOrganisation(RIVER_AID, LabelsAsked(MILITARY))).events
    ending = story.given(*relabelled).when(AmendOrganisation(RIVER_AID, LabelsAsked(MILITARY)))
    ending.then_nothing()


def test_an_alias_is_a_name_from_then_on(story):
    given = story.given(registered, OrganisationAliasAdded(alias=ALIAS))
    given.when(AddAlias(ALIAS)).then_nothing()
    assert given.state.fields.aliases == (ALIAS,)


def test_a_new_label_is_known_afterwards(story):
    label = to_json(POLICY.label(MILITARY, OURS))
    given = story.given(registered, OrganisationRelabelled(labels={Group.BASE: label}))
    given.when(RelabelOrganisation(LabelsAsked(MILITARY))).then_nothing()


def test_a_retired_organisation_says_what_to_do(story):
    ending = story.given(registered, retired).when(AmendOrganisation(RENAMED))
    ending.then_raises(RejectedError, "register it anew")


@pytest.mark.parametrize("before", ["active", "retired"])
def test_undone_a_merger_leaves_everything_exactly_as_it_was(story, before):
    military = Reference(THIRD.id, POLICY.label(MILITARY, OURS), "active")
    given = story.knowing(military).given(*STATES[before])
    changed = given.given(*given.when(MergeOrganisation(ITSELF, THIRD.id)).events)
    assert changed.state.labels != given.state.labels
    undone = changed.given(*changed.when(UnmergeOrganisation()).events)
    assert undone.state == given.state
