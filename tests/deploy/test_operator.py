"""What the operator's container lets be done, and what it makes of its secrets."""

from pathlib import Path

import pytest

from deploy.docker.operator import main, prepare, servers
from deploy.docker.secrets import make
from deploy.local.errors import LocalError
from deploy.local.layout import Layout
from deploy.local.state import remembered_state
from tests.deploy.compose_file import services

TOLD = {"PARLEY_MISSION": "unmiss", "PARLEY_SITE": "hq", "PARLEY_EXERCISE": "false"}


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    make(folder)
    return folder / "operator"


@pytest.mark.parametrize(
    "asked",
    [[], ["up"], ["erase", "person_1"], ["keys"], ["keys", "rotate"], ["keys", "expire"],
     ["keys", "--copies", "/x", "rotate"]],
)  # fmt: skip
def test_what_would_be_lost_with_the_container_is_refused(asked: list[str]) -> None:
    with pytest.raises(LocalError, match=r"docker compose run|\./parley secrets"):
        main(asked)


def test_the_commands_find_the_installation_that_compose_describes(
    mounted: Path, tmp_path: Path
) -> None:
    layout = Layout(tmp_path / "var")
    prepare(layout, mounted, TOLD)
    state = remembered_state(layout)
    assert state
    assert (state.mission, state.site, state.exercise, state.prefix) == (
        "unmiss",
        "hq",
        False,
        "parley_",
    )
    assert {path.name for path in layout.secrets.iterdir()} == {
        path.name for path in mounted.iterdir()
    }


def test_data_and_keys_are_looked_for_on_servers_of_their_own(mounted: Path) -> None:
    told = servers(mounted)
    assert "@postgres:5432/" in told["DATABASE_URL"]
    assert "@keystore:5432/" in told["KEYSTORE_URL"]
    assert all("sslmode=verify-full" in told[name] for name in ("DATABASE_URL", "KEYSTORE_URL"))
    assert told["NATS_URL"].startswith("tls://")


def test_backups_and_ledgers_outlive_the_container() -> None:
    volumes = services()["operator"]["volumes"]
    assert "removed:/var/lib/parley/removed" in volumes
    assert "${PARLEY_BACKUPS:-backups}:/var/lib/parley/backups" in volumes
