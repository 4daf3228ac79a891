"""Publish commands of our own spelling: exactly one message each, or nothing."""

import pytest

from shared.wire import publish_command
from tests.simulation.wire import published


def test_a_server_reads_back_what_was_spelled() -> None:
    headers = {"ce-id": "1", "Es-Meta": "e30="}
    first = publish_command("parley.a.v1", "_INBOX.1.1", headers, b"body\r\nand more")
    second = publish_command("parley.b.v1", "", headers, b"")
    assert list(published(first + second)) == [
        ("parley.a.v1", "_INBOX.1.1", headers, b"body\r\nand more"),
        ("parley.b.v1", "", headers, b""),
    ]


@pytest.mark.parametrize("value", ["two\nlines", "two\r\nlines", "naïve", "\u2028"])
def test_a_header_that_is_not_one_plain_line_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        publish_command("parley.a.v1", "", {"ce-id": "1", "ce-type": value}, b"")


@pytest.mark.parametrize("subject", ["two words", "two\r\nlines", "a\tb", "naïve"])
def test_a_subject_that_is_not_one_word_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        publish_command(subject, "", {"ce-id": "1"}, b"")
