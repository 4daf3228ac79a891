"""The rules of a person's account: every command in every state, and nobody for himself."""

from datetime import timedelta

import pytest

from services.gateway.access.account import account
from services.gateway.access.account_commands import (
    AddPasskey,
    AmendAccount,
    ChoosePassword,
    ClearAccount,
    EnrolAccount,
    GrantAccount,
    LinkIdentity,
    RecogniseIdentity,
    ReinstateAccount,
    RemovePasskey,
    RenamePasskey,
    RevokeGrant,
    SetPassword,
    SuspendAccount,
    UnlinkIdentity,
)
from services.gateway.access.identities import MOST_IDENTITIES, identity_id
from services.gateway.access.passkeys import MOST_PASSKEYS
from shared.contracts.gateway import (
    AccountEnrolled,
    AccountFields,
    AccountGranted,
    AccountIdentityLinked,
    AccountPasskeyAdded,
    AccountPasskeyRemoved,
    AccountPasswordSet,
    AccountReinstated,
    AccountSuspended,
    GrantKind,
    IdentityKind,
)
from shared.errors import ForbiddenError, RejectedError
from shared.ids import Kind
from shared.values import Text
from tests.unit.access_builders import ORGANISATION, WHY, a_story, as_administrator, labels
from tests.unit.story import NOW
from tests.unit.tables import cells

AMINA = AccountFields(
    username="amina",
    display_name=Text(text="Amina", lang="en"),
    organisation_id=ORGANISATION,
    language="en",
)
RENAMED = AMINA.model_copy(update={"username": "amina.k"})
TOMORROW = NOW + timedelta(days=1)
MIL, OTHER = (GrantKind.COMMUNITY, "mil"), (GrantKind.CAVEAT, "SOURCE")
enrolled = AccountEnrolled(
    **dict(AMINA), account_id="amina", level="confidential", reason=WHY, labels=labels(Kind.ACCOUNT)
)
granted = AccountGranted(
    kind=GrantKind.COMMUNITY, name="mil", granted_by="operator", expires_at=TOMORROW, reason=WHY
)
ISSUER, EMAIL = "https://login.mission.example", IdentityKind.EMAIL
AT_LOGIN = identity_id(ISSUER, EMAIL, "amina@mission.example")
linked = AccountIdentityLinked(
    identity_id=AT_LOGIN,
    issuer=ISSUER,
    kind=EMAIL,
    identity=Text(text="amina@mission.example", lang="und"),
    reason=WHY,
)
NAME = Text(text="Laptop", lang="en")
passkey = AccountPasskeyAdded(
    passkey_id="laptop", credential_id="aWQ", public_key="a2V5", name=NAME, added_at=NOW, reason=WHY
)
suspended, reinstated = AccountSuspended(reason=WHY), AccountReinstated(reason=WHY)
STATES = {
    "absent": (),
    "active": (enrolled, granted, linked, passkey),
    "suspended": (enrolled, granted, linked, passkey, suspended),
    "reinstated": (enrolled, granted, linked, passkey, suspended, reinstated),
}
COMMANDS = {
    "enrol": EnrolAccount("amina", AMINA, "confidential", WHY),
    "amend": AmendAccount(RENAMED, WHY),
    "amend nothing": AmendAccount(AMINA, WHY),
    "clear": ClearAccount("public", WHY),
    "clear the same": ClearAccount("confidential", WHY),
    "grant": GrantAccount(*OTHER, WHY),
    "grant the same": GrantAccount(*MIL, WHY, TOMORROW),
    "grant for longer": GrantAccount(*MIL, WHY),
    "revoke": RevokeGrant(*MIL, WHY),
    "revoke another": RevokeGrant(*OTHER, WHY),
    "set password": SetPassword("credential", WHY),
    "link": LinkIdentity(ISSUER, IdentityKind.SUBJECT, "person-1", WHY),
    "link the same": LinkIdentity(ISSUER, EMAIL, "AMINA@mission.example", WHY),
    "unlink": UnlinkIdentity(AT_LOGIN, WHY),
    "unlink another": UnlinkIdentity("another", WHY),
    "remove passkey": RemovePasskey("laptop", WHY),
    "remove another": RemovePasskey("another", WHY),
    "suspend": SuspendAccount(WHY),
    "reinstate": ReinstateAccount(WHY),
}
TABLE = """
command          | absent   | active            | suspended         | reinstated
enrol            | enrolled | Rejected          | Rejected          | Rejected
amend            | NotFound | amended           | amended           | amended
amend nothing    | NotFound | nothing           | nothing           | nothing
clear            | NotFound | cleared           | cleared           | cleared
clear the same   | NotFound | nothing           | nothing           | nothing
grant            | NotFound | granted           | granted           | granted
grant the same   | NotFound | nothing           | nothing           | nothing
grant for longer | NotFound | granted           | granted           | granted
revoke           | NotFound | grant_revoked     | grant_revoked     | grant_revoked
revoke another   | NotFound | nothing           | nothing           | nothing
set password     | NotFound | password_set      | password_set      | password_set
link             | NotFound | identity_linked   | identity_linked   | identity_linked
link the same    | NotFound | nothing           | nothing           | nothing
unlink           | NotFound | identity_unlinked | identity_unlinked | identity_unlinked
unlink another   | NotFound | nothing           | nothing           | nothing
remove passkey   | NotFound | passkey_removed   | passkey_removed   | passkey_removed
remove another   | NotFound | nothing           | nothing           | nothing
suspend          | NotFound | suspended         | nothing           | suspended
reinstate        | NotFound | nothing           | reinstated        | nothing
"""
TAKING = ("revoke", "unlink", "remove passkey", "suspend")
NOTHING_THERE = ("revoke another", "unlink another", "remove another")


@pytest.mark.parametrize(("command", "state", "expected"), cells(TABLE))
def test_every_command_in_every_state(command, state, expected):
    story = a_story(account).given(*STATES[state])
    assert story.when(COMMANDS[command]).summary == expected


@pytest.mark.parametrize(
    "command",
    sorted(COMMANDS.keys() - {"enrol", *TAKING, *NOTHING_THERE}),
)
def test_nobody_gives_himself_anything(command):
    story = as_administrator(account, "amina").given(*STATES["suspended"])
    story.when(COMMANDS[command]).then_raises(ForbiddenError, "his own access")


@pytest.mark.parametrize("command", TAKING)
def test_everybody_may_take_from_himself(command):
    story = as_administrator(account, "amina").given(*STATES["active"])
    assert story.when(COMMANDS[command]).events != []


def test_a_grant_says_who_gave_it_and_until_when():
    story = as_administrator(account, "officer").given(enrolled)
    story.when(GrantAccount(*MIL, WHY, TOMORROW)).then(
        granted.model_copy(update={"granted_by": "officer"})
    )


@pytest.mark.parametrize("state", sorted(STATES.keys() - {"absent"}))
def test_everybody_chooses_his_own_password_and_nobody_elses(state):
    command = ChoosePassword("credential", WHY)
    own = as_administrator(account, "amina").given(*STATES[state])
    assert own.when(command).summary == "password_set"
    others = a_story(account).given(*STATES[state])
    others.when(command).then_raises(ForbiddenError, "its person only")


def test_a_password_is_named_and_dated_and_not_told():
    story = a_story(account).given(enrolled)
    story.when(SetPassword("credential", WHY)).then(
        AccountPasswordSet(credential_id="credential", set_at=NOW, reason=WHY)
    )


@pytest.mark.parametrize(
    ("command", "summary"),
    [
        (AddPasskey("key", "aWQ", "a2V5", NAME, WHY), "passkey_added"),
        (AddPasskey("laptop", "aWQ", "a2V5", NAME, WHY), "nothing"),
        (RenamePasskey("laptop", Text(text="Old laptop", lang="en"), WHY), "passkey_renamed"),
        (RenamePasskey("laptop", NAME, WHY), "nothing"),
        (RenamePasskey("another", NAME, WHY), "NotFound"),
    ],
    ids=str,
)
def test_passkeys_are_added_and_named_by_their_own_person_alone(command, summary):
    own = as_administrator(account, "amina").given(*STATES["active"])
    assert own.when(command).summary == summary
    other = as_administrator(account, "officer").given(*STATES["active"])
    other.when(command).then_raises(ForbiddenError, "own person only")


def test_sessions_end_with_a_passkey_that_somebody_else_took_away():
    mine = as_administrator(account, "amina").given(*STATES["active"])
    mine.when(COMMANDS["remove passkey"]).then(
        AccountPasskeyRemoved(passkey_id="laptop", sessions_over_at=None, reason=WHY)
    )
    story = as_administrator(account, "officer").given(*STATES["active"])
    story = story.given(*story.when(COMMANDS["remove passkey"]).events)
    assert (story.state.passkeys, story.state.sessions_over_at) == ((), NOW)


def test_few_passkeys_are_one_persons():
    many = [passkey.model_copy(update={"passkey_id": str(n)}) for n in range(MOST_PASSKEYS)]
    story = as_administrator(account, "amina").given(enrolled, *many)
    more = AddPasskey("more", "aWQ", "a2V5", NAME, WHY)
    story.when(more).then_raises(RejectedError, "remove one first")


def test_who_is_unlinked_is_no_longer_known_there_and_his_sessions_are_over():
    story = a_story(account).given(enrolled, linked)
    story = story.given(*story.when(UnlinkIdentity(AT_LOGIN, WHY)).events)
    assert (story.state.identities, story.state.sessions_over_at) == ((), NOW)


def test_addresses_are_the_same_in_any_letters_and_names_of_a_provider_are_not():
    def named(kind: IdentityKind, identity: str, issuer: str = ISSUER) -> str:
        return identity_id(issuer, kind, identity)

    assert named(EMAIL, "A@b.example") == named(EMAIL, "a@B.example")
    assert named(IdentityKind.SUBJECT, "A") != named(IdentityKind.SUBJECT, "a")
    assert named(EMAIL, "a") != named(IdentityKind.SUBJECT, "a")
    assert named(EMAIL, "a") != named(EMAIL, "a", "https://other.example")


def test_few_identities_are_linked_to_one_person():
    many = [linked.model_copy(update={"identity_id": str(n)}) for n in range(MOST_IDENTITIES)]
    story = a_story(account).given(enrolled, *many)
    story.when(COMMANDS["link"]).then_raises(RejectedError, "take one away first")


def recognising(subject: str = "person-1") -> RecogniseIdentity:
    return RecogniseIdentity(ISSUER, subject, WHY)


def test_who_comes_by_an_address_is_known_by_the_providers_own_name_from_then_on():
    story = as_administrator(account, "amina").given(enrolled, linked)
    (known,) = story.when(recognising()).events
    assert (known.kind, known.identity.text) == (IdentityKind.SUBJECT, "person-1")
    story = story.given(known)
    assert story.when(recognising()).summary == "nothing"
    story.when(recognising("person-2")).then_raises(RejectedError, "came by this address before")


def test_nobody_is_recognised_by_others_or_without_an_address():
    a_story(account).given(enrolled, linked).when(recognising()).then_raises(ForbiddenError)
    nowhere = linked.model_copy(update={"issuer": "https://other.example"})
    story = as_administrator(account, "amina").given(enrolled, nowhere)
    story.when(recognising()).then_raises(RejectedError, "No address of this provider")


@pytest.mark.parametrize("kind", list(GrantKind))
def test_what_the_mission_does_not_have_is_not_granted(kind):
    story = a_story(account).given(enrolled)
    story.when(GrantAccount(kind, "elsewhere", WHY)).then_names("/name", f"unknown_{kind}")


def test_a_grant_ends_in_the_future():
    story = a_story(account).given(enrolled)
    story.when(GrantAccount(*MIL, WHY, NOW)).then_names("/expires_at", "in_past")


@pytest.mark.parametrize(
    "command", [EnrolAccount("amina", AMINA, "cosmic", WHY), ClearAccount("cosmic", WHY)]
)
def test_a_level_the_mission_does_not_have_is_refused(command):
    given = STATES["absent" if isinstance(command, EnrolAccount) else "active"]
    a_story(account).given(*given).when(command).then_names("/level", "unknown_level")
