"""Key-encryption keys of compose change where all secrets are, and none goes that may still be needed."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cli.safekeeping.compose_keys import expire, rotate
from cli.secrets import main
from deploy.docker.secrets import FILES, make
from deploy.local.errors import LocalError
from deploy.local.secrets import DECIDING
from shared.clock import utc_now
from shared.key_ring import WrappingKey, read_ring

MONTH = timedelta(days=30)
HOLDERS = [
    (container, f"kek-{service}.key")
    for service in DECIDING
    for container in (service, "operator", "all")
]


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    make(tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.fixture
def rotated(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """More than a month ago."""
    assert main(["rotate", str(secrets)]) == 0
    later = utc_now() + MONTH + timedelta(days=1)
    monkeypatch.setattr("cli.safekeeping.compose_keys.utc_now", lambda: later)
    return secrets


def test_everybody_who_holds_the_keys_of_a_service_is_handed_the_new_one(secrets: Path) -> None:
    before = {service: _names(secrets / "all", service) for service in DECIDING}
    assert main(["rotate", str(secrets)]) == 0
    for container, name in HOLDERS:
        service = name.removeprefix("kek-").removesuffix(".key")
        present, *retired = _names(secrets / container, service)
        assert retired == before[service]
        assert present not in retired
    assert "kek-contacts.key" in FILES["reporting"]
    assert _names(secrets / "reporting", "contacts") == _names(secrets / "all", "contacts")


def test_a_key_that_nothing_needs_goes_everywhere_once_it_was_counted(
    rotated: Path, tmp_path: Path
) -> None:
    counted = tmp_path / "counted.json"
    counted.write_text(_counted(rotated))
    assert main(["expire", str(rotated), "--counted", str(counted)]) == 0
    for container, name in HOLDERS:
        assert len(read_ring(rotated / container / name)) == 1


def test_a_key_that_wraps_something_or_was_not_counted_stays(rotated: Path) -> None:
    [_, old] = _ring(rotated, "gateway")
    needed, uncounted = json.loads(_counted(rotated)), json.loads(_counted(rotated))
    needed["wrapped"]["gateway"][old.name] = 1
    del uncounted["wrapped"]["gateway"][old.name]
    others = json.loads(_counted(rotated))
    others["wrapped"]["contacts"] = {"0123456789abcdef": 0}
    early = json.loads(_counted(rotated)) | {"at": (utc_now() - MONTH).isoformat()}
    for told in (needed, uncounted, others, early):
        with pytest.raises(LocalError, match="none is destroyed"):
            expire(rotated, json.dumps(told), MONTH)
    for said in ("", "{}", "[]", '{"at": 1, "wrapped": {}}'):
        with pytest.raises(LocalError, match="none is destroyed"):
            expire(rotated, said, MONTH)
    assert all(len(_ring(rotated, service)) == 2 for service in DECIDING)


def test_what_was_retired_lately_needs_no_count_and_stays(secrets: Path) -> None:
    rotate(secrets)
    assert expire(secrets, "", MONTH) == []
    assert all(len(_ring(secrets, service)) == 2 for service in DECIDING)


def test_where_no_secrets_are_none_are_made_by_rotating(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="secrets init"):
        main(["rotate", str(tmp_path / "elsewhere")])


def _counted(folder: Path) -> str:
    """As `keys list --json` says it when everything was wrapped anew."""
    wrapped = {
        service: {key.name: 0 if key.retired_at else 7 for key in _ring(folder, service)}
        for service in DECIDING
    }
    return json.dumps({"at": (utc_now() + MONTH).isoformat(), "wrapped": wrapped})


def _ring(folder: Path, service: str) -> tuple[WrappingKey, ...]:
    return read_ring(folder / "all" / f"kek-{service}.key")


def _names(folder: Path, service: str) -> list[str]:
    return [key.name for key in read_ring(folder / f"kek-{service}.key")]
