"""The laws of the label rule, for any labels and any readers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.labels import EVERYONE, Clearance, Label, from_json, join, label, reads, to_json

POLICIES = ["un", "tlp"]
ATOMS = ["org:a", "org:b", "community:mil", "community:un", EVERYONE]
CAVEATS = ["OWN_SIDE", "SOURCE", "PROTECTION"]

levels = st.dictionaries(st.sampled_from(POLICIES), st.integers(0, 3))
clauses = st.lists(st.frozensets(st.sampled_from(ATOMS), max_size=3), min_size=1, max_size=4)
caveats = st.frozensets(st.sampled_from(CAVEATS))
labels = st.builds(label, levels, clauses, caveats)
readers = st.builds(Clearance, levels, st.frozensets(st.sampled_from(ATOMS)), caveats)


@given(readers, labels, labels)
def test_a_joined_label_is_read_by_exactly_those_who_read_both(
    reader: Clearance, first: Label, second: Label
) -> None:
    assert reads(reader, join(first, second)) == (reads(reader, first) and reads(reader, second))


@given(readers, readers, labels)
def test_who_sees_only_what_another_reads_too_sees_exactly_what_both_read(
    reader: Clearance, other: Clearance, one: Label
) -> None:
    both = replace(reader, also=other)
    assert reads(both, one) == (reads(reader, one) and reads(other, one))


@given(readers, readers)
def test_two_readers_are_told_apart_from_each_of_them(reader: Clearance, other: Clearance) -> None:
    assert replace(reader, also=other).key not in (reader.key, other.key)


@given(labels, labels)
def test_join_does_not_care_for_order(first: Label, second: Label) -> None:
    assert join(first, second) == join(second, first)


@given(labels, labels, labels)
def test_join_does_not_care_for_grouping(first: Label, second: Label, third: Label) -> None:
    assert join(join(first, second), third) == join(first, join(second, third))


@given(labels)
def test_a_label_joined_with_itself_is_itself(one: Label) -> None:
    assert join(one, one) == one


@given(readers, labels, st.sampled_from(ATOMS), st.sampled_from(CAVEATS))
def test_holding_more_never_takes_access_away(
    reader: Clearance, needed: Label, atom: str, caveat: str
) -> None:
    more = Clearance(reader.levels, reader.atoms | {atom}, reader.caveats | {caveat})
    assert reads(more, needed) >= reads(reader, needed)


@given(readers, labels, st.sampled_from(CAVEATS))
def test_another_caveat_never_gives_access(reader: Clearance, one: Label, caveat: str) -> None:
    stricter = label(dict(one.levels), one.clauses, one.caveats | {caveat})
    assert reads(reader, stricter) <= reads(reader, one)


@given(readers, labels, st.frozensets(st.sampled_from(ATOMS)))
def test_another_clause_never_gives_access(
    reader: Clearance, one: Label, clause: frozenset[str]
) -> None:
    stricter = label(dict(one.levels), [*one.clauses, clause], one.caveats)
    assert reads(reader, stricter) <= reads(reader, one)


@given(readers, labels, st.sampled_from(POLICIES))
def test_a_raised_level_never_gives_access(reader: Clearance, one: Label, policy: str) -> None:
    raised = dict(one.levels) | {policy: dict(one.levels).get(policy, 0) + 1}
    stricter = label(raised, one.clauses, one.caveats)
    assert reads(reader, stricter) <= reads(reader, one)


@given(labels)
def test_a_policy_the_reader_does_not_know_is_denied(one: Label) -> None:
    foreign = label({"unheard-of": 0}, one.clauses, one.caveats)
    holder_of_all_else = Clearance({"un": 9, "tlp": 9}, frozenset(ATOMS), frozenset(CAVEATS))
    assert not reads(holder_of_all_else, foreign)


@given(labels)
def test_a_label_survives_its_journey_through_json(one: Label) -> None:
    assert from_json(to_json(one)) == one


def test_a_label_without_a_clause_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one clause"):
        label({"un": 0}, [])


def test_a_clause_nobody_meets_is_read_by_nobody() -> None:
    nobody = label({"un": 0}, [frozenset()])
    assert not reads(Clearance({"un": 3}, frozenset(ATOMS), frozenset(CAVEATS)), nobody)


def test_everyone_reads_what_is_for_everyone() -> None:
    assert reads(Clearance({"un": 0}, frozenset(), frozenset()), label({"un": 0}, [{EVERYONE}]))


def test_owner_only_joined_with_an_audience_stays_owner_only() -> None:
    owner_only = label({"un": 0}, [{"org:a"}])
    for_the_military = label({"un": 0}, [{"org:a", "community:mil"}])
    officer = Clearance({"un": 3}, frozenset({"community:mil"}), frozenset())
    assert not reads(officer, join(owner_only, for_the_military))
