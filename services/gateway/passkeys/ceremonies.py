"""What devices are asked, and what their answers must be (Web Authentication, Level 3, 7.1 and 7.2). Pure.

The library reads and verifies; what it leaves to its caller is checked here: whether another site was around
the page, which algorithms are taken, and whose the credential says it is.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)

from services.gateway.passkeys.challenges import LASTING
from services.gateway.passkeys.errors import NotProvenError
from services.gateway.passkeys.party import Party

NAME = "Parley"
# ES256, EdDSA, RS256: what devices have (IANA, COSE Algorithms).
ALGORITHMS = (-7, -8, -257)
_REQUIRED = UserVerificationRequirement.REQUIRED
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError)
_NOT_BELIEVED = (*_UNREADABLE, struct.error, UnsupportedAlgorithm, RecursionError, OverflowError)
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey: its credential's id, and its COSE key, both base64url."""

    credential_id: str
    public_key: str
    sign_count: int

    @property
    def id(self) -> str:
        return passkey_id(websafe_decode(self.credential_id))


def asked_to_make(party: Party, who: Mapping[str, str], known: list[str], challenge: bytes) -> Json:
    """`who`: `id`, `name` and `display_name`; `known`: credentials of devices that have one already."""
    user = {"id": who["id"], "name": who["name"], "displayName": who["display_name"]}
    return {
        "rp": {"id": party.id, "name": NAME},
        "user": user,
        "challenge": websafe_encode(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in ALGORITHMS],
        "timeout": int(LASTING.total_seconds() * 1_000),
        "excludeCredentials": [{"type": "public-key", "id": each} for each in known],
        "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
        "attestation": "none",
    }


def asked_to_sign(party: Party, challenge: bytes) -> Json:
    """Any passkey for this host: the device knows whose it is."""
    return {
        "rpId": party.id,
        "challenge": websafe_encode(challenge),
        "timeout": int(LASTING.total_seconds() * 1_000),
        "userVerification": "required",
    }


def challenge_of(told: Json) -> bytes:
    """What the answer is to. Nothing is verified yet. Raises NotProvenError."""
    try:
        return CollectedClientData(websafe_decode(told["response"]["clientDataJSON"])).challenge
    except _NOT_BELIEVED as wrong:
        raise NotProvenError("no answer") from wrong


def made(party: Party, told: Json, challenge: bytes) -> Made:
    """Raises NotProvenError unless it was made for us, now, by a person that the device has verified."""
    try:
        answer = RegistrationResponse.from_dict(told)
        _check_alone(answer.response.client_data)
        data = _server(party).register_complete(_state(challenge), answer)
        held = data.credential_data
        if held is None or held.public_key[3] not in ALGORITHMS:
            raise NotProvenError("no key that is taken")
        _check_usable(held.public_key)
        key = websafe_encode(_spelled(held))
        return Made(websafe_encode(held.credential_id), key, data.counter)
    except _NOT_BELIEVED as wrong:
        raise NotProvenError("a new passkey") from wrong


def named(told: Json) -> str:
    """The id of the passkey an answer says it is by. Raises NotProvenError."""
    try:
        return passkey_id(AuthenticationResponse.from_dict(told).raw_id)
    except _NOT_BELIEVED as wrong:
        raise NotProvenError("no answer") from wrong


def signed(party: Party, told: Json, challenge: bytes, known: Made, handle: bytes) -> int:
    """The device's count of signatures, 0: it does not count. `known`: the passkey as it was added; `handle`:
    whose it is. Raises NotProvenError."""
    try:
        answer = AuthenticationResponse.from_dict(told)
        _check_alone(answer.response.client_data)
        if answer.response.user_handle != handle:
            raise NotProvenError("somebody else's passkey")
        _server(party).authenticate_complete(_state(challenge), [_read(known)], answer)
        return answer.response.authenticator_data.counter
    except _NOT_BELIEVED as wrong:
        raise NotProvenError("a signature") from wrong


def passkey_id(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()[:32]


def spelled(raw: bytes) -> str:
    """base64url."""
    return str(websafe_encode(raw))


def handle_of(account_id: str) -> bytes:
    """What devices know a person by: it tells nothing of him (Level 3, 14.6.1)."""
    return hashlib.sha256(f"parley passkeys of {account_id}".encode()).digest()


def _server(party: Party) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=party.id, name=NAME),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: origin == party.origin,
    )


def _state(challenge: bytes) -> Json:
    return {"challenge": websafe_encode(challenge), "user_verification": _REQUIRED}


def _check_alone(told: CollectedClientData) -> None:
    """No page of another site was around ours."""
    if told.cross_origin:
        raise NotProvenError("a page within another")


def _check_usable(key: CoseKey) -> None:
    """Nothing was signed with it yet. Raises ValueError for what is a key in name only."""
    try:
        key.verify(b"", b"")
    except InvalidSignature:
        return
    raise NotProvenError("a key that verifies nothing as signed")


def _spelled(held: AttestedCredentialData) -> bytes:
    """The COSE key as bytes: what stands behind the id in the attested data."""
    return bytes(held)[16 + 2 + len(held.credential_id) :]


def _read(known: Made) -> AttestedCredentialData:
    credential = websafe_decode(known.credential_id)
    length = struct.pack(">H", len(credential))
    return AttestedCredentialData(
        bytes(Aaguid.NONE) + length + credential + websafe_decode(known.public_key)
    )
