"""A service believes only what the gateway signed: this request, service and mission, just now."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import held_at
from shared.errors import UnauthenticatedError
from shared.ids import Kind, RecordId
from shared.principal import Principal
from shared.principal_signing import (
    Signer,
    Verifier,
    key_id,
    load_signer,
    load_verifier,
    request_digest,
)
from shared.roles import Role

NOW = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)
DIGEST = request_digest("POST", "/engagements?x=1", b'{"purpose": "talks"}')
OFFICER = Principal(
    subject="user:1",
    organisation=RecordId.new(Kind.ORGANISATION),
    client="client-1",
    communities=frozenset({"mil", "mission"}),
    caveats=frozenset({"OWN_SIDE"}),
    levels={"un": 2},
    roles=frozenset({Role.LIAISON_OFFICER}),
    language="fr",
    policy_epoch=3,
    scenario_time=NOW - timedelta(days=100),
)


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate(), "demo")


@pytest.fixture
def verifier(signer: Signer) -> Verifier:
    public = signer.key.public_key()
    return Verifier({key_id(public): public}, "engagements", "demo")


def test_a_principal_arrives_as_it_was_sent(signer: Signer, verifier: Verifier) -> None:
    header = signer.sign(OFFICER, "engagements", DIGEST)

    assert verifier.verify(header, DIGEST) == OFFICER


VIEWED = replace(
    OFFICER,
    subject="preview",
    communities=frozenset({"ngo"}),
    roles=frozenset(),
    scenario_time=None,
    viewer=OFFICER,
    stands_for=RecordId.new(Kind.ORGANISATION),
)


def test_who_views_as_others_arrives_with_whom_he_is(signer: Signer, verifier: Verifier) -> None:
    header = signer.sign(VIEWED, "engagements", DIGEST)

    assert verifier.verify(header, DIGEST) == VIEWED


def test_a_release_that_knows_nothing_of_viewing_is_not_who_it_is_signed_for(
    signer: Signer,
) -> None:
    body = signer.sign(VIEWED, "engagements", DIGEST).partition(".")[0]
    payload = json.loads(base64.urlsafe_b64decode(body + "=="))

    assert payload["aud"] != "engagements"


@pytest.mark.parametrize(
    "digest",
    [
        request_digest("PUT", "/engagements?x=1", b'{"purpose": "talks"}'),
        request_digest("POST", "/engagements?x=2", b'{"purpose": "talks"}'),
        request_digest("POST", "/engagements?x=1", b'{"purpose": "other"}'),
    ],
    ids=["another method", "another query", "another body"],
)
def test_a_signature_holds_for_its_own_request_only(
    signer: Signer, verifier: Verifier, digest: str
) -> None:
    header = signer.sign(OFFICER, "engagements", DIGEST)

    with pytest.raises(UnauthenticatedError):
        verifier.verify(header, digest)


def test_a_signature_for_another_service_is_refused(signer: Signer, verifier: Verifier) -> None:
    header = signer.sign(OFFICER, "contacts", DIGEST)

    with pytest.raises(UnauthenticatedError):
        verifier.verify(header, DIGEST)


def test_a_signature_of_another_mission_is_refused(signer: Signer, verifier: Verifier) -> None:
    header = replace(signer, mission="main").sign(OFFICER, "engagements", DIGEST)

    with pytest.raises(UnauthenticatedError):
        verifier.verify(header, DIGEST)


@pytest.mark.parametrize("later", [31, -6], ids=["expired", "from the future"])
def test_a_signature_lives_for_seconds(signer: Signer, verifier: Verifier, later: int) -> None:
    with held_at(NOW):
        header = signer.sign(OFFICER, "engagements", DIGEST)

    with held_at(NOW + timedelta(seconds=later)), pytest.raises(UnauthenticatedError):
        verifier.verify(header, DIGEST)


def test_clocks_that_differ_are_told_of_in_the_log(
    signer: Signer, verifier: Verifier, caplog: pytest.LogCaptureFixture
) -> None:
    with held_at(NOW):
        header = signer.sign(OFFICER, "engagements", DIGEST)

    with held_at(NOW + timedelta(hours=1)), pytest.raises(UnauthenticatedError):
        verifier.verify(header, DIGEST)

    [told] = caplog.records
    assert "compare the clocks" in told.message
    assert vars(told)["seconds_apart"] == 3600


def test_another_key_signs_for_nobody(verifier: Verifier) -> None:
    header = Signer(Ed25519PrivateKey.generate(), "demo").sign(OFFICER, "engagements", DIGEST)

    with pytest.raises(UnauthenticatedError):
        verifier.verify(header, DIGEST)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda header: None,
        lambda header: "",
        lambda header: "not.one",
        lambda header: header[1:],
        lambda header: header.partition(".")[0],
        lambda header: header + "é",
    ],
)
def test_anything_else_is_refused(
    signer: Signer, verifier: Verifier, spoil: Callable[[str], str | None]
) -> None:
    header = signer.sign(OFFICER, "engagements", DIGEST)

    with pytest.raises(UnauthenticatedError):
        verifier.verify(spoil(header), DIGEST)


def test_keys_are_read_from_their_files(signer: Signer, tmp_path: Path) -> None:
    private, public = tmp_path / "gateway.ed25519", tmp_path / "gateway.ed25519.pub"
    private.write_bytes(
        signer.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(
        signer.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    header = load_signer(private, "demo").sign(OFFICER, "contacts", DIGEST)

    assert load_verifier(public, "contacts", "demo").verify(header, DIGEST) == OFFICER
