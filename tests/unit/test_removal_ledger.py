"""What was removed is remembered line by line, whatever cuts a line off."""

from pathlib import Path

import pytest

from shared.contracts.removals import Ground
from shared.ids import Kind, RecordId
from shared.removal_ledger import Entry, Ledger, LedgerError, ledger_of

PERSON, OTHER = RecordId.new(Kind.PERSON), RecordId.new(Kind.PERSON)
ERASED = Entry((PERSON, OTHER), PERSON, Ground.ERASURE)
ELSEWHERE = Entry((OTHER,))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_of(tmp_path, "contacts")


async def test_entries_come_back_each_once_and_in_order(ledger: Ledger) -> None:
    await ledger.note([ERASED, ELSEWHERE])
    await ledger.note([ERASED])
    await Ledger(ledger.path).note([ERASED])
    assert Ledger(ledger.path).entries() == [ERASED, ELSEWHERE]


async def test_a_line_that_a_crash_cut_off_hides_no_other(ledger: Ledger) -> None:
    await ledger.note([ERASED])
    ledger.path.write_bytes(ledger.path.read_bytes() + b'{"subjects": ["per')
    assert ledger.entries() == [ERASED]
    await ledger.note([ELSEWHERE])
    assert ledger.entries() == [ERASED, ELSEWHERE]


async def test_a_line_that_is_no_removal_is_refused(ledger: Ledger) -> None:
    ledger.path.write_text('{"subjects": ["nobody"]}\n')
    with pytest.raises(LedgerError):
        ledger.entries()


async def test_a_ledger_without_a_file_is_empty_and_its_file_is_its_owners_alone(
    ledger: Ledger,
) -> None:
    assert ledger.entries() == []
    await ledger.note([ERASED])
    assert ledger.path.stat().st_mode & 0o777 == 0o600
