"""A file cut into records, however it comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.jobs import splitting
from services.gateway.jobs.splitting import Splitter
from shared.errors import TooLargeError

CSV = b'name,note\r\n"Relief, Invented","two\nlines and a "" quote"\r\n\r\nOther,\n'


def split(content: bytes, size: int, *, quoted: bool) -> list[tuple[int, bytes]]:
    splitter, found = Splitter(quoted), list[tuple[int, bytes]]()
    for start in range(0, len(content), size):
        found += splitter.feed(content[start : start + size])
    return [*found, *splitter.end()]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_quoted_cell_keeps_its_lines_together(size: int) -> None:
    assert split(CSV, size, quoted=True) == [
        (1, b"name,note"),
        (2, b'"Relief, Invented","two\nlines and a "" quote"'),
        (5, b"Other,"),
    ]


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_lines_are_records_and_blank_ones_none(size: int) -> None:
    content = b'\xef\xbb\xbf{"a": "it\'s \\""}\n\n  \r\n{"b": 2}'
    assert split(content, size, quoted=False) == [(1, b'{"a": "it\'s \\""}'), (4, b'{"b": 2}')]


@given(st.lists(st.text("ab", min_size=1), min_size=1), st.integers(1, 9))
def test_however_it_is_cut_the_same_lines_come_out(lines: list[str], size: int) -> None:
    content = "\n".join(lines).encode()
    found = split(content, size, quoted=False)
    assert found == [(n, line.encode()) for n, line in enumerate(lines, 1)]


@pytest.mark.parametrize("content", [b'"never closed\n' + b"more\n" * 20, b"x" * 100])
def test_what_is_longer_than_any_row_is_told_by_its_line(content: bytes, monkeypatch) -> None:
    monkeypatch.setattr(splitting, "RECORD_LIMIT_BYTES", 50)
    with pytest.raises(TooLargeError, match="begins on line 1"):
        split(content, 10, quoted=True)


def test_a_quote_that_is_never_closed_ends_with_the_file() -> None:
    assert split(b'a\n"b\nc', 100, quoted=True) == [(1, b"a"), (2, b'"b\nc')]
