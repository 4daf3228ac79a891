"""Moments as callers spell them: a date and a time with its zone, within the years there are."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.values import Moment

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2030-01-02T09:00:00Z", datetime(2030, 1, 2, 9, tzinfo=UTC)),
        ("2030-01-02T09:00:00+03:00", datetime(2030, 1, 2, 6, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_kept_in_utc(told: str, moment: datetime) -> None:
    assert MOMENT.validate_python(told) == moment


@pytest.mark.parametrize(
    "told",
    [
        1_700_000_000,
        "1700000000",
        "1.5",
        "-1",
        "2030-01-02",
        "2030-01-02T09:00:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_moment_of_these_years_is_refused(told: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(told)
