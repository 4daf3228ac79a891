"""What administrators ask of access. Every change says why."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from shared.api.common import Request
from shared.contracts.gateway import GrantKind, IdentityKind
from shared.ids import RecordId
from shared.values import Language, Moment, ShortWords, Word

Jwk = Annotated[dict[str, Any], Field(max_length=20)]  # Any: JSON, read where it is understood
Pem = Annotated[str, StringConstraints(min_length=1, max_length=8_192)]


class Reasoned(Request):
    reason: Annotated[ShortWords, Field(description="Why; kept in the history.")]


class AdmitPartner(Reasoned):
    """People of this organisation may be let in, up to `level`."""

    organisation_id: RecordId
    name: ShortWords
    level: Word


class SetLevel(Reasoned):
    level: Annotated[Word, Field(description="Id of a level of the mission policy.")]


class AmendAccount(Reasoned):
    """All amendable fields as they should stand."""

    username: Word
    display_name: ShortWords
    organisation_id: RecordId
    language: Language = "en"


class EnrolAccount(AmendAccount):
    """A person who may be let in. Without a password nobody signs in: `reset_password` gives one."""

    level: Word


class GrantAccess(Reasoned):
    kind: GrantKind
    name: Word
    expires_at: Moment | None = None


class RevokeGrant(Reasoned):
    kind: GrantKind
    name: Word


class RemovePasskey(Reasoned):
    """Sessions of the person end as well."""

    passkey_id: Word


class LinkIdentity(Reasoned):
    """Whom the provider calls `identity` signs in as this person, where a provider is set up."""

    issuer: Annotated[
        ShortWords, Field(description="The provider, as its configuration spells it.")
    ]
    kind: Annotated[
        IdentityKind,
        Field(
            description="`subject` is the provider's own name for the person and is never given again."
        ),
    ]
    identity: ShortWords


class UnlinkIdentity(Reasoned):
    identity_id: Word


class RegisterClient(Reasoned):
    """A machine that acts for one person and never sees more than he."""

    account_id: Annotated[Word, Field(description="`account_id` of the person it acts for.")]
    name: ShortWords
    level: Word


class AddSecret(Reasoned):
    """Older secrets hold for `overlap_hours` more; null: as long as they would have."""

    overlap_hours: Annotated[int, Field(ge=0, le=720)] | None = 24


class AddKey(Reasoned):
    """Older keys hold for `overlap_hours` more; null: as long as they would have."""

    public_key: Annotated[
        Jwk | Pem,
        Field(
            description="The public half, as JWK (RFC 7517) or PEM: Ed25519, P-256, or RSA of 2048 to 4096 "
            "bits. It signs by EdDSA, ES256 or PS256; by RS256 if its JWK says so."
        ),
    ]
    overlap_hours: Annotated[int, Field(ge=0, le=720)] | None = None


class EndCredential(Reasoned):
    credential_id: Word
