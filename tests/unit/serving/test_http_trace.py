"""Trace context: what is a traceparent, and what becomes of it on the way."""

import pytest

from shared import trace

HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_header_is_read_and_spelled_alike() -> None:
    assert str(trace.parse(HEADER)) == HEADER


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        HEADER.upper(),
        HEADER.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32),
        HEADER.replace("00f067aa0ba902b7", "0" * 16),
        "ff" + HEADER[2:],
        HEADER + "-more",
    ],
)
def test_anything_else_starts_a_new_trace(header: str | None) -> None:
    assert trace.parse(header) is None
    assert trace.follow(header).trace_id != "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_later_version_may_say_more() -> None:
    assert trace.parse("01" + HEADER[2:] + "-more") is not None


def test_the_next_span_belongs_to_the_same_trace() -> None:
    child = trace.follow(HEADER)

    assert child.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert child.span_id != "00f067aa0ba902b7"
