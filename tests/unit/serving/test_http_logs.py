"""A log line holds what the list allows and nothing a caller wrote."""

import io
import logging
from collections.abc import Iterator

import orjson
import pytest

from shared import logs, trace


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("contacts", "info", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_json_with_its_trace(lines: io.StringIO) -> None:
    with trace.within(trace.new_trace()) as span:
        logging.getLogger("parley").info("projected", extra={"position": 7, "title": "Canary"})

    line = orjson.loads(lines.getvalue())
    assert line["message"] == "projected"
    assert line["service"] == "contacts"
    assert line["position"] == 7
    assert line["trace_id"] == span.trace_id


def test_what_is_not_on_the_list_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("parley").info("written", extra={"purpose": "Canary", "body": "Canary"})

    assert "Canary" not in lines.getvalue()


def test_arguments_are_left_out(lines: io.StringIO) -> None:
    logging.getLogger("somebody.elses").warning("refused %s", "Canary")

    assert "Canary" not in lines.getvalue()
    assert "refused" in lines.getvalue()


def test_an_exception_tells_where_but_not_what(lines: io.StringIO) -> None:
    try:
        raise ValueError("Canary")
    except ValueError:
        logging.getLogger("parley").exception("failed")

    line = orjson.loads(lines.getvalue())
    assert line["exception"] == "ValueError"
    assert "test_an_exception_tells_where_but_not_what" in line["frames"][0]
    assert "Canary" not in lines.getvalue()
