"""Each container is given its own secrets, and a service needs no more than its own to be told all."""

import ssl
import stat
from pathlib import Path

import pytest

from cli.secrets import main
from deploy.docker.secrets import make
from deploy.local.errors import LocalError
from services.contacts.settings import ContactsSettings
from services.engagements.settings import EngagementsSettings
from services.gateway.settings import GatewaySettings
from services.reporting.settings import ReportingSettings
from shared.migrating import MigrationSettings
from shared.settings import SETTINGS_FOLDER, ServiceSettings, Settings
from tests.architecture.source import SERVICES
from tests.deploy.compose_file import services

SETTINGS: dict[str, type[ServiceSettings]] = {
    "contacts": ContactsSettings,
    "engagements": EngagementsSettings,
    "reporting": ReportingSettings,
    "gateway": GatewaySettings,
}
# What may be known in two places: the public, and the keys that reporting unseals with.
PUBLIC = {"ca.crt", "gateway.ed25519.pub", "rebuild.ed25519.pub"}
SHARED = PUBLIC | {"kek-contacts.key", "kek-engagements.key"}
# They know and need nothing secret.
WITHOUT = {"prometheus", "collector"}
PASSWORDS = {"password", "database.json"}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    make(folder)
    return folder


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What the compose file and the images say in clear."""
    told = {"mission": "demo", "site": "hq", "exercise": "true", "port": "8000", "host": "::"}
    told |= {"nats_url": "tls://nats:4222", "nats_seed_file": "seed", "secrets_dir": "."}
    told |= {
        "policy_file": "mission.toml",
        "public_url": "http://localhost:8080",
        "ledger_dir": ".",
    }
    told |= {f"{service}_url": f"http://{service}:8000" for service in SERVICES}
    for name, value in told.items():
        monkeypatch.setenv(f"PARLEY_{name.upper()}", value)
    return monkeypatch


def _content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_there_is_a_folder_for_every_container_and_one_that_is_mounted_nowhere(
    secrets: Path,
) -> None:
    assert {path.name for path in secrets.iterdir()} == {*services(), "all"} - WITHOUT


def test_every_secret_is_given_to_whoever_reads_it_and_the_authoritys_key_to_nobody(
    secrets: Path,
) -> None:
    everything = _content(secrets / "all")
    given = {
        text for name in services().keys() - WITHOUT for text in _content(secrets / name).values()
    }
    kept = {name for name, text in everything.items() if text not in given}
    # The passwords are handed out one by one, or as a list of logins.
    assert kept == {"ca.key", "database.json"}


def test_no_two_services_hold_the_same_secret(secrets: Path) -> None:
    for one in SERVICES:
        for other in set(SERVICES) - {one}:
            same = _content(secrets / one).items() & _content(secrets / other).items()
            assert {name for name, _ in same} <= SHARED


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_everything_by_its_own_folder(
    service: str, secrets: Path, told: pytest.MonkeyPatch
) -> None:
    told.setenv("PARLEY_SERVICE", service)
    told.setenv(SETTINGS_FOLDER, str(secrets / service))
    settings = SETTINGS[service]()
    assert "sslmode=verify-full" in settings.keystore_url
    assert f"parley_keystore_{service}" in settings.keystore_url
    assert "owner" not in str(_content(secrets / service))


@pytest.mark.parametrize("service", SERVICES)
def test_only_what_migrates_holds_the_owners_address(
    service: str, secrets: Path, told: pytest.MonkeyPatch
) -> None:
    told.setenv("PARLEY_SERVICE", service)
    told.setenv(SETTINGS_FOLDER, str(secrets / f"migrate-{service}"))
    assert "_owner:" in MigrationSettings().owner_url


def test_the_environment_comes_before_the_file(secrets: Path, told: pytest.MonkeyPatch) -> None:
    told.setenv("PARLEY_SERVICE", "contacts")
    told.setenv(SETTINGS_FOLDER, str(secrets / "contacts"))
    told.setenv("PARLEY_KEYSTORE_URL", "postgresql://elsewhere/")
    assert ContactsSettings().keystore_url == "postgresql://elsewhere/"


def test_an_address_is_never_printed(secrets: Path, told: pytest.MonkeyPatch) -> None:
    told.setenv("PARLEY_SERVICE", "contacts")
    told.setenv(SETTINGS_FOLDER, str(secrets / "contacts"))
    settings: Settings = ContactsSettings()
    assert "postgresql://" not in repr(settings)


def test_making_them_again_changes_nothing(secrets: Path) -> None:
    before = {path: path.read_bytes() for path in secrets.rglob("*") if path.is_file()}
    make(secrets)
    assert {path: path.read_bytes() for path in secrets.rglob("*") if path.is_file()} == before


def test_the_command_says_what_belongs_into_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "made")]) == 0
    said = capsys.readouterr().out
    uid = (tmp_path / "made/contacts/ca.crt").stat().st_uid
    assert f"PARLEY_SECRETS={tmp_path}/made\nPARLEY_UID={uid}\n" in said


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LocalError, match="file"):
        main(["init", str(tmp_path / "file")])


def test_nobody_else_on_the_machine_reads_them(secrets: Path) -> None:
    for path in [secrets, *secrets.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


@pytest.mark.parametrize("host", ["postgres", "keystore", "nats"])
def test_a_servers_certificate_names_its_host(host: str, secrets: Path) -> None:
    folder = secrets / host
    ssl.create_default_context(cafile=folder / "ca.crt").load_cert_chain(
        folder / "server.crt", folder / "server.key"
    )
    decoded = ssl._ssl._test_decode_cert(str(folder / "server.crt"))  # type: ignore[attr-defined]  # untyped
    assert ("DNS", host) in decoded["subjectAltName"]
