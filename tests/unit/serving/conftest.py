"""A service per test, with a gateway's key of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.http import create_service
from shared.principal_signing import Signer
from shared.settings import ServiceSettings
from tests.unit.serving.service import Service, lifespan, service_routes, serving, works


@pytest.fixture
def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate(), "demo")


@pytest.fixture
def settings(signer: Signer, tmp_path: Path) -> ServiceSettings:
    public = signer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "gateway.ed25519.pub").write_bytes(public)
    return ServiceSettings(
        service="engagements",
        mission="demo",
        site="hq",
        port=1,
        keystore_url="",
        nats_url="",
        nats_seed_file=tmp_path / "seed",
        secrets_dir=tmp_path,
        policy_file=tmp_path / "mission.toml",
    )


@pytest.fixture
async def service(settings: ServiceSettings, signer: Signer) -> AsyncIterator[Service]:
    app = create_service(settings, [service_routes()], lifespan, {"database": works})
    async with serving(app, signer) as running:
        yield running
