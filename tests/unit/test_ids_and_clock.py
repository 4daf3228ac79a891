"""Ids tell nothing, read back exactly, and can be fixed by a test; so can the clock."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import held_at, utc_now
from shared.ids import Kind, RecordId, new_bytes, seeded_ids

MOMENT = datetime(2030, 1, 2, 9, tzinfo=UTC)


@given(st.sampled_from(Kind), st.integers(0, 2**128 - 1))
def test_a_record_id_reads_back_as_it_is_spelled(kind: Kind, number: int) -> None:
    one = RecordId(kind, UUID(int=number))
    assert RecordId.parse(str(one)) == one


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "engagement",
        "engagement_",
        "engagement_80000000000000000000000000",
        "engagement_0000000000000000000000000I",
        "ENGAGEMENT_00000000000000000000000000",
        "target_00000000000000000000000000",
    ],
)
def test_what_is_not_in_the_one_spelling_is_no_record_id(spelled: str) -> None:
    with pytest.raises(ValueError, match="not a record id"):
        RecordId.parse(spelled)


def test_ids_are_a_function_of_the_seed_inside_a_seeded_block_only() -> None:
    with seeded_ids(b"seed"):
        first = new_bytes(40)
    with seeded_ids(b"seed"):
        second = new_bytes(40)
    assert first == second != new_bytes(40)


def test_the_clock_stands_still_while_it_is_held() -> None:
    with held_at(MOMENT):
        assert utc_now() == MOMENT
    assert utc_now() != MOMENT
