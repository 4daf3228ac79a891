"""Why a record was found, said with its own words and with nothing of a group that has its own label."""

from typing import Any

import pytest

from services.gateway.web.in_context import Passage, passage


def text(words: str, lang: str = "en") -> dict[str, str]:
    return {"text": words, "lang": lang}


def record(**fields: Any) -> dict[str, Any]:  # Any: a view
    return {"title": text("Radio hour"), "group_labels": {"own_side": {}}, **fields}


def test_a_passage_shows_the_word_among_its_neighbours() -> None:
    found = passage(record(summary=text("Questions were about the road and the ferry.")), "road")
    assert found == Passage("Questions were about the ", "road", " and the ferry.", "en")


@pytest.mark.parametrize(
    ("asked", "said"), [("patrols", "patrolled"), ("MARCHÉ", "marche"), ("السوق", "السوق")]
)
def test_endings_case_and_accents_do_not_matter(asked: str, said: str) -> None:
    found = passage(record(statements=[{"text": text(said)}]), asked)
    assert found is not None
    assert found.hit == said


def test_a_long_text_is_cut_between_words() -> None:
    found = passage(record(summary=text("far " * 40 + "culvert " + "away " * 40)), "culvert")
    assert found is not None
    assert found.before.startswith("… far")
    assert found.after.endswith("away …")


def test_nothing_of_another_group_is_quoted() -> None:
    assert passage(record(own_side={"red_lines": [text("the culvert")]}), "culvert") is None


def test_what_the_title_says_is_not_said_again() -> None:
    promise = record(title=text("Clear the culvert"), what=text("Clear the culvert"))
    assert passage(promise, "culvert") is None


def test_words_that_stand_nowhere_show_no_passage() -> None:
    assert passage(record(summary=text("Nothing of the kind.")), "bridge") is None
