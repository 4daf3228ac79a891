"""Fault: somebody with every right changes, swaps, cuts or rewrites. Promise: found, first position named."""

from pathlib import Path

import pytest

from shared.bus import Address
from shared.eventstore.model import Append
from shared.eventstore.store import EventStore
from shared.heads import HeadSigner, load_head_signer
from tests.fault.tampering import (
    COLUMNS,
    EVENTS,
    breach_against,
    changed,
    changed_bytes,
    cut_off,
    filled,
    first_breach,
    first_breach_after,
    heads_at,
    link_of,
    rewritten,
    stand_alone,
    walked,
)
from tests.service.conftest import StoreAddress
from tests.stack.events import an_event

SEED = 4
CHANGES = 1_000
FLIPPED = "set_byte({0}, 3, get_byte({0}, 3) # 1)"
CHANGE = {
    "epoch": "epoch + 1",
    "event_id": "gen_random_uuid()",
    "stream_id": "'test_x'",
    "version": "version + 1",
    "type": "type || ' '",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 microsecond'",
} | {name: FLIPPED.format(name) for name in ("data", "meta", "payload_digest", "prev_hash", "hash")}
# S608 here and below: names of columns, nothing else.
SWAPPED = """
update events a set ({0}) = (select {0} from events b where b.position = 13 - a.position)
 where position in (6, 7)
""".format(", ".join(name for name in COLUMNS if name != "position"))  # noqa: S608


@pytest.fixture
def signer() -> HeadSigner:
    return load_head_signer(b"w" * 32, Address("test", "hq", "contacts"))


@pytest.fixture
async def history(store: EventStore, store_address: StoreAddress) -> StoreAddress:
    await filled(store)
    return store_address


async def test_a_thousand_single_bytes_changed_are_all_found(
    store: EventStore, history: StoreAddress
) -> None:
    rows = [list(row) for row in await store.read_rows(0, 100)]
    assert walked(rows) == []
    tried = [
        (column, position, min((one.position for one in walked(after)), default=None))
        for column, position, after in changed_bytes(rows, SEED, CHANGES)
    ]
    assert len(tried) == CHANGES
    missed = [one for one in tried if one[2] is None]
    misnamed = [one for one in tried if one[0] != "position" and one[1] != one[2]]
    assert (missed, misnamed) == ([], [])


async def test_the_database_hands_on_what_was_hashed(
    store: EventStore, history: StoreAddress
) -> None:
    await store.append(Append("tëst_ß", 0, (an_event("سلام".encode()),)))
    rows, links = await store.read_rows(0, 100), await store.read_links(0, 100)
    assert [list(link) for link in links] == [link_of(row) for row in rows]
    assert len(links) == EVENTS + 1


async def test_a_change_in_any_column_of_any_row_is_found_where_it_is(
    history: StoreAddress,
) -> None:
    found = {
        (column, position): await first_breach_after(
            history,
            f"update events set {column} = {change} where position = {position}",  # noqa: S608
        )
        for column, change in CHANGE.items()
        for position in (1, 17, 40)
    }
    assert {place: one.position for place, one in found.items() if one} == {
        place: place[1] for place in found
    }


async def test_two_rows_that_changed_places_are_found(history: StoreAddress) -> None:
    found = await first_breach_after(history, SWAPPED)
    assert found is not None
    assert found.position == 6


async def test_a_tail_that_was_cut_off_is_found_by_kept_heads(
    history: StoreAddress, signer: HeadSigner, tmp_path: Path
) -> None:
    heads = await heads_at(history, signer, 10, 25, 40)
    assert await breach_against(history, heads) is None
    assert (await stand_alone(history, tmp_path, signer, heads)).code == 0
    await cut_off(history, 30)
    assert await first_breach(history) is None
    found = await breach_against(history, heads)
    assert found is not None
    assert found.position == 31
    told = await stand_alone(history, tmp_path, signer, heads)
    assert (told.code, "HEADS at position 31" in told.words) == (1, True)


async def test_a_chain_that_was_written_anew_is_found_by_kept_heads(
    history: StoreAddress, signer: HeadSigner, tmp_path: Path
) -> None:
    heads = await heads_at(history, signer, 10, 25, 40)
    await rewritten(history, 14)
    assert await first_breach(history) is None
    assert (await stand_alone(history, tmp_path, signer)).code == 0
    found = await breach_against(history, heads)
    assert found is not None
    assert (found.position, "25" in found.what) == (11, True)
    told = await stand_alone(history, tmp_path, signer, heads)
    assert (told.code, "HEADS at position 11" in told.words) == (1, True)


@pytest.mark.parametrize("column", sorted(CHANGE))
async def test_the_stand_alone_verifier_says_what_verify_says(
    history: StoreAddress, signer: HeadSigner, tmp_path: Path, column: str
) -> None:
    assert (await stand_alone(history, tmp_path, signer)).code == 0
    await changed(history, f"update events set {column} = {CHANGE[column]} where position = 17")  # noqa: S608
    found, told = await first_breach(history), await stand_alone(history, tmp_path, signer)
    assert found is not None
    assert told.code == 1
    assert f"contacts: {found.invariant} at position 17:" in told.words
    assert told.words.startswith("contacts: I")
    assert "at position 17:" in told.words.splitlines()[0]
