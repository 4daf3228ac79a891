"""The rules of a place: every command in every state, and what is worth saying of them."""

import pytest

from services.contacts.place import AmendPlace, RegisterPlace, RelabelPlace, RetirePlace, place
from shared.contracts.contacts import (
    PlaceAmended,
    PlaceFields,
    PlaceLevel,
    PlaceRegistered,
    PlaceRelabelled,
    PlaceRetired,
)
from shared.contracts.event import Group
from shared.errors import RejectedError
from shared.ids import Kind
from shared.labels import to_json
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import Name, Point
from tests.unit.story import OURS, POLICY, Story, a_reference
from tests.unit.tables import cells

MALAKAL = PlaceFields(
    name=Name(text="Malakal"), level=PlaceLevel.ADMIN2, pcode="SS0907", area="SS0907"
)
MOVED = MALAKAL.model_copy(update={"point": Point(lat=9.53, lon=31.66)})
MILITARY = WireLabel(level="confidential", releasable_to=(("mil",),))
DEFAULT = to_json(POLICY.default(Kind.PLACE, Group.BASE, OURS))

registered = PlaceRegistered(**dict(MALAKAL), labels={Group.BASE: DEFAULT})
retired = PlaceRetired()

STATES = {"absent": (), "active": (registered,), "retired": (registered, retired)}
COMMANDS = {
    "register": RegisterPlace(MALAKAL),
    "register as retired": RegisterPlace(MALAKAL, retired=True),
    "amend": AmendPlace(MOVED),
    "amend nothing": AmendPlace(MALAKAL),
    "amend, retired": AmendPlace(MOVED, retired=True),
    "amend nothing, retired": AmendPlace(MALAKAL, retired=True),
    "retire": RetirePlace(),
    "relabel": RelabelPlace(LabelsAsked(MILITARY)),
    "relabel nothing": RelabelPlace(LabelsAsked()),
}
TABLE = """
command                | absent               | active            | retired
register               | registered           | Rejected          | Rejected
register as retired    | registered + retired | Rejected          | Rejected
amend                  | NotFound             | amended           | Rejected
amend nothing          | NotFound             | nothing           | Rejected
amend, retired         | NotFound             | amended + retired | amended
amend nothing, retired | NotFound             | retired           | nothing
retire                 | NotFound             | retired           | nothing
relabel                | NotFound             | relabelled        | relabelled
relabel nothing        | NotFound             | nothing           | nothing
"""


@pytest.fixture
def story():
    return Story(place)


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


def test_the_table_holds_every_command():
    assert {command for command, _, _ in cells(TABLE)} == set(COMMANDS)


def test_a_place_is_public_unless_somebody_says_otherwise(story):
    story.when(RegisterPlace(MALAKAL)).then(registered)


def test_a_parent_the_caller_may_use_is_kept(story):
    state = a_reference(Kind.PLACE)
    inside = MALAKAL.model_copy(update={"parent_id": state.id})
    assert story.knowing(state).when(RegisterPlace(inside)).types == ["registered"]


def test_a_parent_nobody_knows_is_named_where_the_request_named_it(story):
    inside = MALAKAL.model_copy(update={"parent_id": a_reference(Kind.PLACE).id})
    story.when(RegisterPlace(inside)).then_names("/parent_id", "unknown_reference")
    by_pcode = RegisterPlace(inside, parent_field="/parent_pcode")
    story.when(by_pcode).then_names("/parent_pcode", "unknown_reference")


def test_an_organisation_is_no_parent_of_a_place(story):
    organisation = a_reference(Kind.ORGANISATION)
    inside = MALAKAL.model_copy(update={"parent_id": organisation.id})
    ending = story.knowing(organisation).when(RegisterPlace(inside))
    ending.then_names("/parent_id", "unknown_reference")


def test_a_parent_that_was_retired_since_may_stay(story):
    kept = {"parent_id": a_reference(Kind.PLACE).id}
    given = story.given(registered.model_copy(update=kept))
    assert given.when(AmendPlace(MOVED.model_copy(update=kept))).types == ["amended"]


def test_amending_says_all_fields_as_they_stand(story):
    story.given(registered).when(AmendPlace(MOVED)).then(PlaceAmended(**dict(MOVED)))


def test_amending_back_is_a_change_too(story):
    given = story.given(registered, PlaceAmended(**dict(MOVED)))
    assert given.when(AmendPlace(MALAKAL)).types == ["amended"]


def test_amending_with_another_label_relabels_first(story):
    ending = story.given(registered).when(AmendPlace(MOVED, LabelsAsked(MILITARY)))
    assert ending.types == ["relabelled", "amended"]


def test_a_new_label_is_known_afterwards(story):
    label = to_json(POLICY.label(MILITARY, OURS))
    given = story.given(registered, PlaceRelabelled(labels={Group.BASE: label}))
    given.when(RelabelPlace(LabelsAsked(MILITARY))).then_nothing()


def test_a_retired_place_says_what_to_do(story):
    ending = story.given(registered, retired).when(AmendPlace(MOVED))
    ending.then_raises(RejectedError, "register it anew")
