"""The gateway's settings as a container gives them: every variable, and an empty one where nobody set it."""

from pathlib import Path

import pytest

from services.gateway.settings import GatewaySettings
from services.gateway.webhooks.guard import Guard

NEEDED = {
    "SERVICE": "gateway",
    "MISSION": "unmiss",
    "SITE": "hq",
    "PORT": "8000",
    "KEYSTORE_URL": "postgresql://keys",
    "NATS_URL": "nats://bus",
    "NATS_SEED_FILE": "seed",
    "SECRETS_DIR": "secrets",
    "POLICY_FILE": "mission.toml",
    "DATABASE_URL": "postgresql://events",
    "CONTACTS_URL": "http://contacts",
    "ENGAGEMENTS_URL": "http://engagements",
    "REPORTING_URL": "http://reporting",
    "PUBLIC_URL": "http://localhost",
}


@pytest.mark.parametrize(("told", "file"), [("", None), ("own.crt", Path("own.crt"))])
def test_an_empty_certificate_file_is_none(
    monkeypatch: pytest.MonkeyPatch, told: str, file: Path | None
) -> None:
    monkeypatch.setenv("PARLEY_WEBHOOK_NETWORKS", "")
    monkeypatch.setenv("PARLEY_WEBHOOK_CA_FILE", told)
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)
    settings = GatewaySettings()
    assert settings.webhook_ca_file == file
    assert settings.webhook_guard == Guard()
