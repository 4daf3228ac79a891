"""A backup that was cut off or changed is refused in one sentence, before anything is touched."""

import json
import shutil
from pathlib import Path

import pytest

from cli.restore import main
from cli.safekeeping.manifest import NAME, Manifest, Standing, close_backup
from cli.safekeeping.small_files import names_of_keys
from deploy.local.errors import LocalError
from deploy.local.layout import POLICY
from deploy.local.secrets import make_secrets

MISSION = ("main", "hq", False, "parley_")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    folder = tmp_path / "key-encryption-keys"
    folder.mkdir()
    make_secrets(folder)
    return folder


@pytest.fixture
def backup(tmp_path: Path, keys: Path) -> Path:
    """Whole by its manifest, though its dumps hold nothing."""
    folder = tmp_path / "one"
    (folder / "policy").mkdir(parents=True)
    for name in ("contacts", "engagements", "gateway", "keystore"):
        (folder / f"{name}.dump").write_bytes(name.encode() * 1000)
    shutil.copy(POLICY, folder / "policy")
    heads = {"contacts": Standing(1, 2, "00")}
    names = names_of_keys(keys)
    made = Manifest("2026-01-02T03:04:05Z", *MISSION, heads, {"contacts": "0001"}, names)
    close_backup(folder, made)
    return folder


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def refused(backup: Path, var: Path, *more: str) -> str:
    """What is said; and that nothing was made."""
    with pytest.raises(LocalError) as wrong:
        main([str(backup), "--var", str(var), *more])
    assert not var.exists()
    said = str(wrong.value)
    assert said.endswith("Nothing was changed.")
    return said


def test_a_folder_without_a_manifest_is_no_whole_backup(backup: Path, var: Path) -> None:
    (backup / NAME).unlink()
    assert "was cut off" not in refused(backup, var)


def test_a_file_that_is_missing_shorter_or_changed_is_named(backup: Path, var: Path) -> None:
    dump = backup / "engagements.dump"
    whole = dump.read_bytes()
    for content in (whole[:-1], b"x" + whole[1:], whole + b"x"):
        dump.write_bytes(content)
        assert f"{dump} is not what" in refused(backup, var)
    dump.unlink()
    assert f"{dump} is not what" in refused(backup, var)


def test_a_manifest_that_leads_out_of_its_folder_is_none(backup: Path, var: Path) -> None:
    told = json.loads((backup / NAME).read_text())
    for name in ("../elsewhere", "/etc/passwd", "a/../../b", "a/b/c"):
        changed = told | {"files": told["files"] | {name: {"sha256": "", "bytes": 0}}}
        (backup / NAME).write_text(json.dumps(changed))
        assert "is not the manifest of a backup" in refused(backup, var)


def test_half_a_manifest_is_none(backup: Path, var: Path) -> None:
    text = (backup / NAME).read_text()
    (backup / NAME).write_text(text[: len(text) // 2])
    assert "is not the manifest of a backup" in refused(backup, var)


def test_keys_that_nobody_holds_are_missed_before_anything_is_touched(
    backup: Path, var: Path, keys: Path
) -> None:
    (keys / "kek-engagements.key").unlink()
    assert "of engagements" in refused(backup, var)


def test_another_policy_is_pointed_at(backup: Path, var: Path) -> None:
    kept = backup / "policy" / POLICY.name
    kept.write_text(kept.read_text() + "\n# changed\n")
    told = json.loads((backup / NAME).read_text())
    close_backup(backup, Manifest(**{name: told[name] for name in Manifest.__dataclass_fields__}))
    assert f"Copy {kept} over" in refused(backup, var)


def test_a_backup_of_a_newer_release_is_left_alone(backup: Path, var: Path) -> None:
    told = json.loads((backup / NAME).read_text()) | {"revisions": {"contacts": "9999"}}
    (backup / NAME).write_text(json.dumps(told))
    assert "newer Parley" in refused(backup, var)


def test_an_installation_is_not_overwritten_unless_told(backup: Path, var: Path) -> None:
    var.mkdir()
    state = {"mission": "main", "site": "hq", "exercise": False, "prefix": "parley_", "ports": {}}
    (var / "installation.json").write_text(json.dumps(state))
    with pytest.raises(LocalError, match="--over"):
        main([str(backup), "--var", str(var)])
    (var / "installation.json").write_text(json.dumps(state | {"mission": "other"}))
    with pytest.raises(LocalError, match="another installation"):
        main([str(backup), "--var", str(var), "--over"])
    assert [path.name for path in var.iterdir()] == ["installation.json"]
