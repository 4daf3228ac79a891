"""Labels as numbers, readers as strings of bits: the same answers as the rule itself."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shared.interning import HEADROOM, LabelBook
from shared.labels import Clearance, Label, label, reads

ATOMS = ("community:mil", "community:un", "community:all", "org:a")
CAVEATS = ("OWN_SIDE", "SOURCE")
clauses = st.lists(st.sets(st.sampled_from(ATOMS), min_size=1), min_size=1, max_size=3)
some_labels = st.builds(
    label, st.just({"un": 1}) | st.just({"un": 2}), clauses, st.sets(st.sampled_from(CAVEATS))
)
readers = st.builds(
    Clearance,
    st.sampled_from(({}, {"un": 1}, {"un": 3})),
    st.frozensets(st.sampled_from(ATOMS)),
    st.frozensets(st.sampled_from(CAVEATS)),
)


def book_of(labels: list[Label]) -> LabelBook:
    book = LabelBook()
    for number, one in enumerate(labels, start=1):
        book.labels[number] = one
        book.last = number
    return book


def bit(bits: bytes, number: int) -> bool:
    """As PostgreSQL's get_bit counts in a bytea."""
    return bool(bits[number // 8] >> number % 8 & 1)


@given(st.lists(some_labels, max_size=20), readers)
def test_a_bit_is_set_exactly_when_the_reader_reads_the_label(
    labels: list[Label], reader: Clearance
) -> None:
    bits = book_of(labels).bits(reader)
    assert [bit(bits, n) for n in range(1, len(labels) + 1)] == [reads(reader, x) for x in labels]


@given(st.lists(some_labels, max_size=20), readers, readers)
def test_the_bits_of_who_sees_only_what_another_reads_too_are_those_of_both(
    labels: list[Label], reader: Clearance, other: Clearance
) -> None:
    book = book_of(labels)
    both = book.bits(replace(reader, also=other))
    pairs = zip(book.bits(reader), book.bits(other), strict=True)
    assert both == bytes(one & another for one, another in pairs)


@given(readers)
def test_labels_yet_to_come_lie_within_the_string_and_are_not_read(reader: Clearance) -> None:
    bits = book_of([]).bits(reader)
    assert len(bits) * 8 > HEADROOM
    assert not any(bits)


def test_a_new_label_is_seen_by_readers_known_before() -> None:
    reader = Clearance({"un": 1}, frozenset({"community:mil"}), frozenset())
    book = book_of([])
    assert not bit(book.bits(reader), 1)
    book.labels[1] = label({"un": 1}, [["community:mil"]])
    book.last = 1
    assert bit(book.bits(reader), 1)
