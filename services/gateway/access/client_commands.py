"""Every order about a machine client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.contracts.gateway import CredentialKind
from shared.roles import Action
from shared.values import Text


@dataclass(frozen=True, slots=True)
class RegisterClient:
    """`account_id`: the person it acts for."""

    client_id: str
    account_id: str
    name: Text
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SetClientCeiling:
    level: str
    reason: Text


@dataclass(frozen=True, slots=True)
class AddCredential:
    """A secret's hash is stored under its id before; `public_key` is a key's JWK.

    Older ones of its kind hold for `overlap` at most, time to change over; None: as long as they would have.
    """

    kind: CredentialKind
    credential_id: str
    reason: Text
    public_key: Mapping[str, str] | None = None
    overlap: timedelta | None = None


@dataclass(frozen=True, slots=True)
class EndCredential:
    credential_id: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SuspendClient:
    reason: Text


@dataclass(frozen=True, slots=True)
class ReinstateClient:
    reason: Text


Command = (
    RegisterClient
    | SetClientCeiling
    | AddCredential
    | EndCredential
    | SuspendClient
    | ReinstateClient
)


def action(command: Command) -> Action:
    return Action.CREATE if isinstance(command, RegisterClient) else Action.CHANGE
