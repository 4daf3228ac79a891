"""Settings come from the environment, and show no password."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import DecidingSettings

SECRET = "ab" * 32


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, value in {
        "SERVICE": "contacts",
        "MISSION": "demo",
        "SITE": "hq",
        "PORT": "8001",
        "DATABASE_URL": "postgresql://app:Canary-7@127.0.0.1/contacts",
        "KEYSTORE_URL": "postgresql://contacts:Canary-8@127.0.0.1/keystore",
        "NATS_URL": "nats://127.0.0.1:4222",
        "NATS_SEED_FILE": str(tmp_path / "contacts.nk"),
        "SECRETS_DIR": str(tmp_path),
        "POLICY_FILE": str(tmp_path / "mission.toml"),
    }.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)
    return tmp_path


def test_settings_are_read_from_the_environment(environment: Path) -> None:
    settings = DecidingSettings()

    assert (settings.service, settings.port, settings.host) == ("contacts", 8001, "127.0.0.1")


def test_settings_print_no_password(environment: Path) -> None:
    assert "Canary" not in repr(DecidingSettings()) + str(DecidingSettings())


def test_a_missing_setting_stops_the_service(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARLEY_DATABASE_URL")

    with pytest.raises(ValidationError, match="database_url"):
        DecidingSettings()


def test_a_mission_that_cannot_be_a_subject_is_refused(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_MISSION", "demo.one")

    with pytest.raises(ValidationError, match="mission"):
        DecidingSettings()


def test_secrets_are_read_by_the_services_name(environment: Path) -> None:
    (environment / "command-contacts.key").write_text(f"{SECRET}\n")
    (environment / "kek-contacts.key").write_text(SECRET)
    settings = DecidingSettings()

    assert settings.command_secret == bytes.fromhex(SECRET)
    assert [key.secret for key in settings.wrapping.keys] == [bytes.fromhex(SECRET)]


def test_a_short_secret_is_refused(environment: Path) -> None:
    (environment / "kek-contacts.key").write_text("abcd")

    with pytest.raises(ValueError, match="32 bytes"):
        _ = DecidingSettings().wrapping
