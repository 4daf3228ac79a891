"""The suite's files lie in memory only where there is enough, and are gone when it ends."""

from pathlib import Path

import pytest

from cli.testing import scratch as module
from cli.testing.scratch import scratch


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(module, "ENOUGH_BYTES", 1)


def test_a_folder_is_made_and_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch(tmp_path) as more:
        folder = Path(more["TMPDIR"])
        (folder / "left").write_text("behind")
    assert (folder.parent, list(tmp_path.iterdir())) == (tmp_path, [])


def test_where_memory_is_scarce_files_go_where_they_always_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ENOUGH_BYTES", 1 << 60)
    with scratch(tmp_path) as more:
        assert (more, list(tmp_path.iterdir())) == ({}, [])


def test_a_choice_of_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with scratch(tmp_path) as more:
        assert more == {}
