"""What docs/asvs says of each requirement is complete, and points to what is there."""

import ast
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from tests.architecture.asvs import NUMBERS
from tests.architecture.source import ROOT

HOLDS, NOT_HERE, NOT_MET = "holds", "does not apply", "not met"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*?) \| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:[\w-]+/)*[\w.-]+\.(?:py|md|toml|html|js|sh|conf))(?:::(\w+))?`")
MOST_WORDS, LEAST_OF_A_REASON = 14, 3
LEVEL_ONE, LEVEL_TWO = 70, 183


class Row(NamedTuple):
    """`shown`: what shows it, or why it does not apply or is not met."""

    number: str
    asked: str
    stands: str
    shown: str

    @property
    def named(self) -> list[tuple[str, str]]:
        """Files, each with a test in it or nothing."""
        return NAMED.findall(self.shown)


def _rows() -> list[Row]:
    tables = sorted((ROOT / "docs/asvs").glob("*.md"))
    return [Row(*row) for table in tables for row in ROW.findall(table.read_text("utf-8"))]


ROWS = _rows()


@cache
def _tests_of(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    made = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, made))


def _is_answered(row: Row) -> bool:
    if row.stands != HOLDS:
        return len(row.shown.split()) >= LEAST_OF_A_REASON
    tested = any(path.startswith("tests/") for path, _ in row.named)
    return bool(row.named) and (tested or "by review" in row.shown)


def test_every_requirement_is_answered_once_and_in_order() -> None:
    assert len(NUMBERS) == LEVEL_ONE + LEVEL_TWO
    assert [row.number for row in ROWS] == list(NUMBERS)


def test_what_is_asked_is_said_in_few_words() -> None:
    assert [row for row in ROWS if not 0 < len(row.asked.split()) <= MOST_WORDS] == []


def test_an_answer_is_one_of_three() -> None:
    assert [row for row in ROWS if row.stands not in (HOLDS, NOT_HERE, NOT_MET)] == []


def test_what_holds_names_a_test_or_says_by_review_and_all_else_has_a_reason() -> None:
    assert [row for row in ROWS if not _is_answered(row)] == []


def test_what_is_named_is_there() -> None:
    missing = [
        (row.number, path, test)
        for row in ROWS
        for path, test in row.named
        if not (ROOT / path).exists() or (test and test not in _tests_of(path))
    ]
    assert missing == []


def test_the_counts_of_the_overview_are_right() -> None:
    stated = (ROOT / "docs/asvs.md").read_text("utf-8")
    counted = Counter(row.stands for row in ROWS)
    told = [f"| {stands} | {counted[stands]} |" for stands in (HOLDS, NOT_HERE, NOT_MET)]
    assert [line for line in told if line not in stated] == []


def test_the_overview_lists_all_that_is_not_met() -> None:
    _, _, listed = (ROOT / "docs/asvs.md").read_text("utf-8").partition("## Not met")
    missing = [row.number for row in ROWS if row.stands == NOT_MET]
    assert re.findall(r"^- \*\*(\d+\.\d+\.\d+)\*\*", listed, re.MULTILINE) == missing
