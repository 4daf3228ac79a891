"""Catalogues: complete against the source, with the same placeholders, and honest about review."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from playwright.sync_api import expect

from services.gateway.web.catalogues import FOLDER
from services.gateway.web.extracting import extracted
from tests.browser.conftest import Visit

LANGUAGES = ("fr", "ar")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def test_the_template_holds_exactly_the_strings_of_the_pages() -> None:
    assert _ids(_read("messages.pot")) == _ids(extracted())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_translates_every_string(language: str) -> None:
    missing = [message.id for message in _messages(_read(f"{language}.po")) if not _said(message)]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_strings_of_the_template(language: str) -> None:
    assert _ids(_read(f"{language}.po")) == _ids(_read("messages.pot"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    wrong = [m.id for m in _messages(_read(f"{language}.po")) if not _same_placeholders(m)]
    assert wrong == []


def test_an_unreviewed_translation_says_so_where_it_is_chosen(visit: Visit) -> None:
    page = visit().open("/")
    page.click("summary[aria-label='Language and theme']")
    expect(page.get_by_text("unreviewed translation")).to_have_count(2)


def test_a_language_chosen_once_stays_chosen(visit: Visit) -> None:
    visitor = visit()
    visitor.open("/?lang=ar")
    assert visitor.open("/engagements").get_attribute("html", "lang") == "ar"


def _read(name: str) -> Catalog:
    with (FOLDER / name).open("rb") as source:
        return read_po(source)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _ids(catalogue: Catalog) -> list[str]:
    return sorted(str(message.id) for message in _messages(catalogue))


def _said(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(said)


def _same_placeholders(message: Message) -> bool:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    wanted = set(PLACEHOLDER.findall(source))
    return all(set(PLACEHOLDER.findall(str(one))) == wanted for one in said)
