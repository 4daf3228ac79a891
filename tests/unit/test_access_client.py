"""The rules of a machine client: every command in every state, and how credentials change over."""

from datetime import datetime, timedelta

import pytest

from services.gateway.access.client import MOST_AT_ONCE, client
from services.gateway.access.client_commands import (
    AddCredential,
    EndCredential,
    RegisterClient,
    ReinstateClient,
    SetClientCeiling,
    SuspendClient,
)
from shared.contracts.gateway import (
    ClientCredentialAdded,
    ClientRegistered,
    ClientReinstated,
    ClientSuspended,
    CredentialKind,
)
from shared.errors import ForbiddenError, RejectedError
from shared.ids import Kind
from shared.values import Text
from tests.unit.access_builders import WHY, a_story, as_administrator, labels
from tests.unit.story import NOW, Story
from tests.unit.tables import cells

NAME = Text(text="C2 system", lang="en")
SECRET, KEY = CredentialKind.SECRET, CredentialKind.KEY
DAY, NONE = timedelta(days=1), timedelta(0)
registered = ClientRegistered(
    client_id="c2",
    account_id="amina",
    name=NAME,
    level="confidential",
    reason=WHY,
    labels=labels(Kind.CLIENT),
)
added = ClientCredentialAdded(kind=SECRET, credential_id="first", reason=WHY)
suspended, reinstated = ClientSuspended(reason=WHY), ClientReinstated(reason=WHY)
STATES = {
    "absent": (),
    "active": (registered, added),
    "suspended": (registered, added, suspended),
    "reinstated": (registered, added, suspended, reinstated),
}
COMMANDS = {
    "register": RegisterClient("c2", "amina", NAME, "confidential", WHY),
    "ceiling": SetClientCeiling("public", WHY),
    "same ceiling": SetClientCeiling("confidential", WHY),
    "add": AddCredential(SECRET, "second", WHY),
    "add the same": AddCredential(SECRET, "first", WHY),
    "add a key": AddCredential(KEY, "key", WHY, {"kty": "OKP"}),
    "end": EndCredential("first", WHY),
    "end another": EndCredential("other", WHY),
    "suspend": SuspendClient(WHY),
    "reinstate": ReinstateClient(WHY),
}
TABLE = """
command      | absent     | active           | suspended        | reinstated
register     | registered | Rejected         | Rejected         | Rejected
ceiling      | NotFound   | ceiling_set      | ceiling_set      | ceiling_set
same ceiling | NotFound   | nothing          | nothing          | nothing
add          | NotFound   | credential_added | credential_added | credential_added
add the same | NotFound   | nothing          | nothing          | nothing
add a key    | NotFound   | credential_added | credential_added | credential_added
end          | NotFound   | credential_ended | credential_ended | credential_ended
end another  | NotFound   | nothing          | nothing          | nothing
suspend      | NotFound   | suspended        | nothing          | suspended
reinstate    | NotFound   | nothing          | reinstated       | nothing
"""


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(command, state, expected):
    story = a_story(client).given(*STATES[state])
    assert story.when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(
    "command", sorted(COMMANDS.keys() - {"register", "end", "end another", "suspend"})
)
def test_nobody_opens_more_to_a_client_of_his_own(command):
    story = as_administrator(client, "amina").given(*STATES["suspended"])
    story.when(COMMANDS[command]).then_raises(ForbiddenError, "his own access")


def test_nobody_registers_a_client_for_himself():
    as_administrator(client, "amina").when(COMMANDS["register"]).then_raises(ForbiddenError)


def live(story: Story, now: datetime) -> list[str]:
    return [one.id for one in story.state.credentials if one.holds(now)]


def rotated(overlap: timedelta, kind: CredentialKind = SECRET) -> Story:
    story = a_story(client).given(registered, added)
    return story.given(*story.when(AddCredential(kind, "second", WHY, overlap=overlap)).events)


def test_an_old_secret_holds_until_the_overlap_is_over():
    story = rotated(DAY)
    assert live(story, NOW + DAY / 2) == ["first", "second"]
    assert live(story, NOW + DAY) == ["second"]


def test_without_overlap_the_old_secret_ends_at_once():
    assert live(rotated(NONE), NOW) == ["second"]


def test_a_new_key_leaves_secrets_alone():
    assert live(rotated(NONE, KEY), NOW) == ["first", "second"]


def test_a_later_rotation_never_lengthens_what_was_to_end():
    story = rotated(DAY)
    later = story.when(AddCredential(SECRET, "third", WHY, overlap=10 * DAY)).events
    assert "first" not in live(story.given(*later), NOW + DAY)


@pytest.mark.parametrize("overlap", [-DAY, 31 * DAY])
def test_an_overlap_has_bounds(overlap):
    asked = AddCredential(SECRET, "second", WHY, overlap=overlap)
    a_story(client).given(registered).when(asked).then_names("/overlap_hours", "out_of_range")


def test_few_credentials_hold_at_once_and_replacing_them_is_always_possible():
    many = [added.model_copy(update={"credential_id": str(n)}) for n in range(MOST_AT_ONCE)]
    story = a_story(client).given(registered, *many)
    story.when(AddCredential(SECRET, "more", WHY)).then_raises(RejectedError, "end one first")
    assert story.when(AddCredential(SECRET, "more", WHY, overlap=NONE)).events != []


def test_a_key_that_is_to_end_may_be_given_again_and_stays():
    first = AddCredential(KEY, "key", WHY, {"kty": "OKP"})
    story = a_story(client).given(registered, added)
    story = story.given(*story.when(first).events)
    other = AddCredential(KEY, "other", WHY, {"kty": "OKP"}, overlap=DAY)
    story = story.given(*story.when(other).events)
    assert live(story, NOW + DAY) == ["first", "other"]
    story = story.given(*story.when(first).events)
    assert live(story, NOW + DAY) == ["first", "other", "key"]
