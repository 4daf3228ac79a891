"""The gateway's settings as a container gives them: every variable, and an empty one where nobody set it."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.settings import GatewaySettings
from services.gateway.web.ports_signing_in import ProviderShown
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


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in NEEDED.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)
    return monkeypatch


def test_no_provider_is_set_up_unless_it_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PARLEY_OIDC_ISSUER", "")
    environment.setenv("PARLEY_OIDC_CLIENT_ID", "")
    assert GatewaySettings().provider is None


def test_a_provider_is_called_by_its_host_unless_it_has_a_name(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("PARLEY_OIDC_ISSUER", "https://login.mission.example/realm")
    environment.setenv("PARLEY_OIDC_CLIENT_ID", "parley")
    assert GatewaySettings().provider == ProviderShown(
        "login.mission.example", "https://login.mission.example/realm"
    )
    environment.setenv("PARLEY_OIDC_NAME", "the mission")
    assert GatewaySettings().provider == ProviderShown(
        "the mission", "https://login.mission.example/realm"
    )


@pytest.mark.parametrize(
    ("issuer", "client_id"),
    [
        ("http://login.mission.example", "parley"),
        ("https://user@login.mission.example", "parley"),
        ("https://", "parley"),
        ("https://login.mission.example", ""),
    ],
)
def test_a_provider_that_anybody_could_speak_for_is_refused(
    environment: pytest.MonkeyPatch, issuer: str, client_id: str
) -> None:
    environment.setenv("PARLEY_OIDC_ISSUER", issuer)
    environment.setenv("PARLEY_OIDC_CLIENT_ID", client_id)
    with pytest.raises(ValidationError, match="https address"):
        GatewaySettings()
