"""Views as lines of a file."""

import csv
import io
import json
from typing import Any

import pytest

from services.gateway.jobs.formats import FileFormat, formats_of, writer
from services.gateway.jobs.marking import Marking
from shared.ids import Kind

MARKING = Marking("RESTRICTED // OWNER ONLY", "restricted", {"level": "restricted"})
LABEL = {"level": "restricted", "releasable_to": [], "caveats": []}


def row(wanted: FileFormat, **view: Any) -> dict[str, str]:
    """One organisation as a row of a table, by column."""
    lines = writer(Kind.ORGANISATION, wanted, None, lambda wire: f"as {wire['level']}")
    text = (lines.head(MARKING) + lines.row(view)).decode()
    told = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    return dict(zip(told[1], told[-1], strict=True))


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_made_words(formula: str) -> None:
    assert row(FileFormat.CSV, id=formula)["id"] == f"'{formula}"


def test_cells_hold_words_lists_of_words_and_else_json() -> None:
    told = row(
        FileFormat.CSV,
        name={"text": 'Relief "Invented", too', "lang": "en"},
        short_name={"text": None, "erased": True},
        aliases=[{"text": "One"}, {"text": "Two", "lang": "fr"}],
        external_ids=[{"system": "c2", "id": "a-1"}],
        label=LABEL,
    )
    assert (told["name"], told["short_name"]) == ('Relief "Invented", too', "")
    assert told["aliases"] == "One | Two"
    assert json.loads(told["external_ids"]) == [{"system": "c2", "id": "a-1"}]
    assert told["label"] == "as restricted"


def test_fields_that_are_not_asked_for_are_no_columns() -> None:
    lines = writer(Kind.ORGANISATION, FileFormat.CSV, frozenset({"name"}), str)
    _, names = csv.reader(io.StringIO(lines.head(MARKING).decode()))
    assert set(names) == {"id", "kind", "version", "label", "tags", "coarse", "name"}


@pytest.mark.parametrize("kind", [Kind.ORGANISATION, Kind.PLACE])
def test_hashtags_stand_under_the_names_of_columns(kind: Kind) -> None:
    lines = writer(kind, FileFormat.HXL, None, str)
    _, names, tags = csv.reader(io.StringIO(lines.head(MARKING).decode()))
    assert dict(zip(names, tags, strict=True))["id"] == "#meta+id"


def test_every_kind_comes_as_lines_and_as_a_table() -> None:
    assert formats_of(Kind.COMMITMENT) == (FileFormat.NDJSON, FileFormat.CSV)
