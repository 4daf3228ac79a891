"""Every order about an account."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.gateway import AccountFields, GrantKind, IdentityKind
from shared.roles import Action
from shared.values import Text


@dataclass(frozen=True, slots=True)
class EnrolAccount:
    account_id: str
    fields: AccountFields
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class AmendAccount:
    """All amendable fields as they should stand."""

    fields: AccountFields
    reason: Text


@dataclass(frozen=True, slots=True)
class ClearAccount:
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class GrantAccount:
    """`expires_at` UTC; None: until it is taken back."""

    kind: GrantKind
    name: str
    reason: Text
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RevokeGrant:
    kind: GrantKind
    name: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Its hash is stored under `credential_id` before this is ordered."""

    credential_id: str
    reason: Text


@dataclass(frozen=True, slots=True)
class ChoosePassword:
    """The person's own; its hash is stored under `credential_id` before this is ordered."""

    credential_id: str
    reason: Text


@dataclass(frozen=True, slots=True)
class AddPasskey:
    """By the person alone. `credential_id` and `public_key`: base64url."""

    passkey_id: str
    credential_id: str
    public_key: str
    name: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class RenamePasskey:
    """By the person alone."""

    passkey_id: str
    name: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    passkey_id: str
    reason: Text


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """Whom `issuer` calls `identity` signs in as this person."""

    issuer: str
    kind: IdentityKind
    identity: str
    reason: Text


@dataclass(frozen=True, slots=True)
class RecogniseIdentity:
    """`issuer` calls him `subject`, who came by an address of his that it had verified."""

    issuer: str
    subject: str
    reason: Text


@dataclass(frozen=True, slots=True)
class UnlinkIdentity:
    identity_id: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SuspendAccount:
    reason: Text


@dataclass(frozen=True, slots=True)
class ReinstateAccount:
    reason: Text


Command = (
    EnrolAccount
    | AmendAccount
    | ClearAccount
    | GrantAccount
    | RevokeGrant
    | SetPassword
    | ChoosePassword
    | AddPasskey
    | RenamePasskey
    | RemovePasskey
    | LinkIdentity
    | RecogniseIdentity
    | UnlinkIdentity
    | SuspendAccount
    | ReinstateAccount
)


def action(command: Command) -> Action:
    return Action.CREATE if isinstance(command, EnrolAccount) else Action.CHANGE
