"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.architecture.source import ROOT

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "services/*/README.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"\./parley ([a-z]+(?:-[a-z]+)*)")
QUOTED_PATH = re.compile(
    r"`((?:shared|services|deploy|cli|tests|docs)/[A-Za-z0-9_./-]+\.(?:py|toml|md|sql|html|json))`"
)
LONGEST_README_LINES = 150


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < LONGEST_README_LINES


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_named_in_the_text_exist(document: Path) -> None:
    named = QUOTED_PATH.findall(document.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_named_in_the_text_exist(document: Path) -> None:
    named = set(COMMAND.findall(document.read_text("utf-8")))
    assert named <= COMMANDS.keys()
