"""What can happen to access: partner organisations, people's accounts, and machine clients.

No secret and no password's hash is ever in an event: an event names the credential, a table apart holds its
hash. Names of people and reasons are sealed.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.contracts.event import SEALED, DomainEvent, Group, Labelled
from shared.contracts.glass import GlassEvent
from shared.contracts.reads import ReadsNoted
from shared.contracts.viewing import ViewingEvent
from shared.ids import Kind, RecordId
from shared.values import Language, Moment, ShortWords, Text, Word, Words

GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.PARTNER: (Group.BASE,),
    Kind.ACCOUNT: (Group.BASE,),
    Kind.CLIENT: (Group.BASE,),
    Kind.GLASS: (Group.BASE,),
    Kind.VIEWING: (Group.BASE,),
}

# At most 1023 bytes (WebAuthn Level 3, 4), base64url.
CredentialId = Annotated[str, StringConstraints(min_length=1, max_length=1_364)]


class GrantKind(StrEnum):
    ROLE = "role"
    COMMUNITY = "community"
    CAVEAT = "caveat"


class CredentialKind(StrEnum):
    """How a client proves itself: a secret, or a key whose private half only it holds (RFC 7523)."""

    SECRET = "secret"  # noqa: S105 - a kind, not one
    KEY = "key"


class IdentityKind(StrEnum):
    """By what a provider's word about somebody is known: its own name for him, or an address it verified."""

    SUBJECT = "subject"
    EMAIL = "email"


class Explained(DomainEvent):
    """Every change of access says why."""

    reason: Annotated[Text, SEALED]


class PartnerAdmitted(Explained, Labelled):
    """People of this organisation may be let in, up to `level`."""

    type: Literal["partner.admitted.v1"] = "partner.admitted.v1"
    organisation_id: RecordId
    name: Annotated[Text, SEALED]
    level: Word


class PartnerCeilingSet(Explained):
    type: Literal["partner.ceiling_set.v1"] = "partner.ceiling_set.v1"
    level: Word


class PartnerSuspended(Explained):
    """Nobody of the organisation is let in any more."""

    type: Literal["partner.suspended.v1"] = "partner.suspended.v1"


class PartnerReinstated(Explained):
    type: Literal["partner.reinstated.v1"] = "partner.reinstated.v1"


class AccountFields(DomainEvent):
    """`username`: what the person types to sign in."""

    username: Word
    display_name: Annotated[Text, SEALED]
    organisation_id: RecordId
    language: Language


class AccountEnrolled(AccountFields, Explained, Labelled):
    """`account_id`: the subject that events name as their author."""

    type: Literal["account.enrolled.v1"] = "account.enrolled.v1"
    account_id: Word
    level: Word


class AccountAmended(AccountFields, Explained):
    """All amendable fields as they stand from now on."""

    type: Literal["account.amended.v1"] = "account.amended.v1"


class AccountCleared(Explained):
    """The highest level the person may see is `level` from now on."""

    type: Literal["account.cleared.v1"] = "account.cleared.v1"
    level: Word


class AccountGranted(Explained):
    """A role, community or caveat, until `expires_at` or, without it, until it is taken back."""

    type: Literal["account.granted.v1"] = "account.granted.v1"
    kind: GrantKind
    name: Word
    granted_by: Word
    expires_at: Moment | None = None


class AccountGrantRevoked(Explained):
    type: Literal["account.grant_revoked.v1"] = "account.grant_revoked.v1"
    kind: GrantKind
    name: Word


class AccountPasswordSet(Explained):
    """Sessions opened before `set_at` are over."""

    type: Literal["account.password_set.v1"] = "account.password_set.v1"
    credential_id: Word
    set_at: Moment


class AccountPasskeyAdded(Explained):
    """The person may sign in by a key pair of a device of theirs (WebAuthn). `credential_id`: as the device
    names it, and `public_key`: COSE (RFC 9052), both base64url; neither is a secret."""

    type: Literal["account.passkey_added.v1"] = "account.passkey_added.v1"
    passkey_id: Word
    credential_id: CredentialId
    public_key: Words
    name: Annotated[Text, SEALED]
    added_at: Moment


class AccountPasskeyRenamed(Explained):
    type: Literal["account.passkey_renamed.v1"] = "account.passkey_renamed.v1"
    passkey_id: Word
    name: Annotated[Text, SEALED]


class AccountPasskeyRemoved(Explained):
    """Sessions opened before `sessions_over_at` are over; None: the person's own doing, and they stay."""

    type: Literal["account.passkey_removed.v1"] = "account.passkey_removed.v1"
    passkey_id: Word
    sessions_over_at: Moment | None = None


class AccountIdentityLinked(Explained):
    """Whom the provider `issuer` calls `identity` may sign in as this person (OpenID Connect)."""

    type: Literal["account.identity_linked.v1"] = "account.identity_linked.v1"
    identity_id: Word
    issuer: ShortWords
    kind: IdentityKind
    identity: Annotated[Text, SEALED]


class AccountIdentityUnlinked(Explained):
    """Sessions opened before `unlinked_at` are over."""

    type: Literal["account.identity_unlinked.v1"] = "account.identity_unlinked.v1"
    identity_id: Word
    unlinked_at: Moment


class AccountSuspended(Explained):
    type: Literal["account.suspended.v1"] = "account.suspended.v1"


class AccountReinstated(Explained):
    type: Literal["account.reinstated.v1"] = "account.reinstated.v1"


class ClientRegistered(Explained, Labelled):
    """A machine that acts for one person; `level` is its own ceiling."""

    type: Literal["client.registered.v1"] = "client.registered.v1"
    client_id: Word
    account_id: Word
    name: Annotated[Text, SEALED]
    level: Word


class ClientCeilingSet(Explained):
    type: Literal["client.ceiling_set.v1"] = "client.ceiling_set.v1"
    level: Word


class ClientCredentialAdded(Explained):
    """`public_key`: JWK (RFC 7517) of a key. Older credentials of its kind hold until `others_end_at`;
    None: as long as they would have."""

    type: Literal["client.credential_added.v1"] = "client.credential_added.v1"
    kind: CredentialKind
    credential_id: Word
    public_key: dict[str, str] | None = None
    others_end_at: Moment | None = None


class ClientCredentialEnded(Explained):
    type: Literal["client.credential_ended.v1"] = "client.credential_ended.v1"
    credential_id: Word


class ClientSuspended(Explained):
    type: Literal["client.suspended.v1"] = "client.suspended.v1"


class ClientReinstated(Explained):
    type: Literal["client.reinstated.v1"] = "client.reinstated.v1"


PartnerEvent = PartnerAdmitted | PartnerCeilingSet | PartnerSuspended | PartnerReinstated
AccountEvent = (
    AccountEnrolled
    | AccountAmended
    | AccountCleared
    | AccountGranted
    | AccountGrantRevoked
    | AccountPasswordSet
    | AccountPasskeyAdded
    | AccountPasskeyRenamed
    | AccountPasskeyRemoved
    | AccountIdentityLinked
    | AccountIdentityUnlinked
    | AccountSuspended
    | AccountReinstated
)
ClientEvent = (
    ClientRegistered
    | ClientCeilingSet
    | ClientCredentialAdded
    | ClientCredentialEnded
    | ClientSuspended
    | ClientReinstated
)
GatewayEvent = PartnerEvent | AccountEvent | ClientEvent | GlassEvent | ViewingEvent | ReadsNoted
