"""Moments of stored events as the database sends them: read only when asked for, and then exactly."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus import from_message, to_headers
from shared.eventstore.stamps import moment_of, stamp
from tests.stack.events import an_event_at


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_reads_back_to_the_microsecond(moment: datetime) -> None:
    assert moment_of(stamp(moment)) == moment


@pytest.mark.parametrize("micros", [10**30, -(10**30), 10**18])
def test_a_message_of_no_year_there_is_carries_no_event(micros: int) -> None:
    event = an_event_at(1)
    with pytest.raises(ValueError, match="years"):
        from_message(event.data, to_headers(event, "test") | {"Es-Occurred": str(micros)})
