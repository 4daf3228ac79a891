"""A record's history speaks the reader's language, not in codes."""

import pytest
from babel import Locale

from services.gateway.web.history_values import said


@pytest.mark.parametrize(("code", "name"), [("en", "anglais"), ("ara", "arabe"), ("zzz", "zzz")])
def test_a_language_is_told_by_its_name_where_it_has_one(code: str, name: str) -> None:
    assert said(code, "language", str, Locale("fr")) == name


def test_a_language_somebody_speaks_is_told_by_its_name() -> None:
    skills = dict.fromkeys(("listening", "speaking", "reading", "writing"), "3")
    spoken = [{"language": "ara", "profile": skills}]
    assert said(spoken, "languages", str, Locale("fr")) == "arabe SLP 3333"
