"""The rules of a post: every command in every state, and who holds it when."""

from datetime import date

import pytest

from services.contacts.post import post
from services.contacts.post_commands import (
    AmendPost,
    CreatePost,
    LeavePost,
    RelabelPost,
    RetirePost,
    TakePost,
)
from shared.contracts.event import Group
from shared.contracts.posts import (
    GROUPS,
    PostCreated,
    PostFields,
    PostLeft,
    PostRetired,
    PostTaken,
)
from shared.ids import Kind
from shared.labels import to_json
from shared.labels_asked import LabelsAsked
from shared.policy import WireLabel
from shared.values import Text
from tests.unit.story import OURS, POLICY, Story, a_reference
from tests.unit.tables import cells

COMMISSIONER = PostFields(name=Text(text="Commissioner, Akobo", lang="en"))
GOVERNOR = PostFields(name=Text(text="Governor", lang="en"))
LABELS = {group: to_json(POLICY.default(Kind.POST, group, OURS)) for group in GROUPS[Kind.POST]}
FIRST, SECOND = a_reference(Kind.PERSON), a_reference(Kind.PERSON)
MARCH, APRIL, MAY = date(2030, 3, 1), date(2030, 4, 1), date(2030, 5, 1)

created = PostCreated(**dict(COMMISSIONER), labels=LABELS)
taken = PostTaken(person_id=FIRST.id, since=MARCH)
left = PostLeft(person_id=FIRST.id, until=APRIL)
STATES = {
    "absent": (),
    "vacant": (created,),
    "held": (created, taken),
    "left": (created, taken, left),
    "retired": (created, taken, PostRetired()),
}
COMMANDS = {
    "create": CreatePost(COMMISSIONER),
    "create as retired": CreatePost(COMMISSIONER, retired=True),
    "amend": AmendPost(GOVERNOR),
    "amend nothing": AmendPost(COMMISSIONER),
    "amend, retired": AmendPost(GOVERNOR, retired=True),
    "take again": TakePost(FIRST.id, MARCH),
    "take": TakePost(SECOND.id, MAY),
    "take, acting": TakePost(SECOND.id, MAY, acting=True),
    "leave": LeavePost(FIRST.id, APRIL),
    "leave, not holding": LeavePost(SECOND.id, APRIL),
    "retire": RetirePost(),
    "relabel": RelabelPost(LabelsAsked(WireLabel(level="confidential"))),
    "relabel nothing": RelabelPost(LabelsAsked()),
}
TABLE = """
command            | absent            | vacant            | held              | left              | retired
create             | created           | Rejected          | Rejected          | Rejected          | Rejected
create as retired  | created + retired | Rejected          | Rejected          | Rejected          | Rejected
amend              | NotFound          | amended           | amended           | amended           | Rejected
amend nothing      | NotFound          | nothing           | nothing           | nothing           | Rejected
amend, retired     | NotFound          | amended + retired | amended + retired | amended + retired | amended
take again         | NotFound          | taken             | nothing           | nothing           | Rejected
take               | NotFound          | taken             | left + taken      | taken             | Rejected
take, acting       | NotFound          | taken             | taken             | taken             | Rejected
leave              | NotFound          | Rejected          | left              | nothing           | left
leave, not holding | NotFound          | Rejected          | Rejected          | Rejected          | Rejected
retire             | NotFound          | retired           | retired           | retired           | nothing
relabel            | NotFound          | relabelled        | relabelled        | relabelled        | relabelled
relabel nothing    | NotFound          | nothing           | nothing           | nothing           | nothing
"""  # noqa: E501 - a table


@pytest.fixture
def story():
    return Story(post).knowing(FIRST, SECOND)


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(story, command, state, expected):
    assert story.given(*STATES[state]).when(COMMANDS[command]).summary == expected


def test_the_table_holds_every_command():
    assert {command for command, _, _ in cells(TABLE)} == set(COMMANDS)


def test_who_is_replaced_left_the_day_before(story):
    ending = story.given(created, taken).when(TakePost(SECOND.id, MAY))
    ending.then(
        PostLeft(person_id=FIRST.id, until=date(2030, 4, 30)),
        PostTaken(person_id=SECOND.id, since=MAY),
    )


def test_who_acted_leaves_when_the_post_is_properly_filled(story):
    acting = PostTaken(person_id=SECOND.id, since=APRIL, acting=True)
    ending = story.given(created, taken, acting).when(TakePost(SECOND.id, MAY))
    assert ending.types == ["left", "left", "taken"]


def test_a_post_is_not_taken_before_its_holder_took_it(story):
    ending = story.given(created, taken).when(TakePost(SECOND.id, MARCH))
    ending.then_names("/since", "invalid")


def test_nobody_leaves_before_he_came(story):
    ending = story.given(created, taken).when(LeavePost(FIRST.id, date(2030, 2, 1)))
    ending.then_names("/until", "invalid")


def test_who_left_may_come_back(story):
    ending = story.given(created, taken, left).when(TakePost(FIRST.id, MAY))
    ending.then(PostTaken(person_id=FIRST.id, since=MAY))


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.ORGANISATION])
def test_a_post_is_taken_by_a_person_who_is_known(story, kind):
    ending = story.given(created).when(TakePost(a_reference(kind).id, MAY))
    ending.then_names("/person_id", "unknown_reference")


def test_organisation_and_place_must_be_what_they_are_called(story):
    swapped = COMMISSIONER.model_copy(
        update={
            "organisation_id": a_reference(Kind.PLACE).id,
            "place_id": a_reference(Kind.ORGANISATION).id,
        }
    )
    ending = story.when(CreatePost(swapped))
    ending.then_names("/organisation_id", "unknown_reference")
    ending.then_names("/place_id", "unknown_reference")


def test_holders_are_of_a_group_of_their_own():
    assert post.touches(TakePost(FIRST.id, MAY)) == {"/person_id": Group.IDENTITY}
