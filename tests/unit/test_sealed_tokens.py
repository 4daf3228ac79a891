"""Sealed strings open for their caller and purpose only, and tell nothing by their looks."""

import secrets

import pytest

from shared.errors import MalformedError
from shared.ids import seeded_ids
from shared.sealed_tokens import Purpose, TokenBook


@pytest.fixture
def book() -> TokenBook:
    return TokenBook(secrets.token_bytes(32))


def test_a_sealed_string_opens_for_its_caller(book: TokenBook) -> None:
    token = book.seal(Purpose.POSITION, "client-1", ["contacts", 1, 120])

    assert book.open(Purpose.POSITION, "client-1", token) == ["contacts", 1, 120]


def test_a_sealed_string_is_nothing_to_another_caller(book: TokenBook) -> None:
    token = book.seal(Purpose.POSITION, "client-1", ["contacts", 1, 120])

    with pytest.raises(MalformedError):
        book.open(Purpose.POSITION, "client-2", token)


def test_a_position_is_no_page_cursor(book: TokenBook) -> None:
    token = book.seal(Purpose.POSITION, "client-1", ["contacts", 1, 120])

    with pytest.raises(MalformedError):
        book.open(Purpose.PAGE, "client-1", token)


@pytest.mark.parametrize("token", ["", "a", "....", "é", "A" * 400])
def test_an_invented_string_is_malformed(book: TokenBook, token: str) -> None:
    with pytest.raises(MalformedError):
        book.open(Purpose.POSITION, "client-1", token)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_length_does_not_depend_on_content(book: TokenBook, purpose: Purpose) -> None:
    short = book.seal(purpose, "client-1", [1])
    long = book.seal(purpose, "client-1", ["engagements", 12, 9_876_543_210])

    assert len(short) == len(long)


def test_the_same_content_never_looks_the_same_twice(book: TokenBook) -> None:
    first = book.seal(Purpose.FEED, "client-1", {"contacts": [1, 2]})
    second = book.seal(Purpose.FEED, "client-1", {"contacts": [1, 2]})

    assert first != second


def test_a_seeded_run_seals_alike(book: TokenBook) -> None:
    with seeded_ids(b"seed"):
        first = book.seal(Purpose.FEED, "client-1", {"contacts": [1, 2]})
    with seeded_ids(b"seed"):
        second = book.seal(Purpose.FEED, "client-1", {"contacts": [1, 2]})

    assert first == second


def test_a_page_cursor_holds_the_longest_name(book: TokenBook) -> None:
    content = ["\U0001f300" * 300, "engagement_01h455vb4pex5vsknk084sn02q"]

    token = book.seal(Purpose.PAGE, "client-1", content)

    assert book.open(Purpose.PAGE, "client-1", token) == content


def test_content_that_does_not_fit_is_refused(book: TokenBook) -> None:
    with pytest.raises(ValueError, match="too much"):
        book.seal(Purpose.POSITION, "client-1", "x" * 500)
