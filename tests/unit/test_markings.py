"""Markings of other policies: what they stand for here, and which one says enough there."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidError
from shared.ids import RecordId
from shared.labels import Clearance, Label, keeps_out, label, reads
from shared.markings import Markings, load_markings, narrowed
from shared.policy import WireLabel, load_policy

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
OWNER = RecordId.parse("organisation_00000000000000000000000001")
POLICY = load_policy(POLICY_FILE)
TLP, ALLIANCE = load_markings(POLICY_FILE, POLICY)
ATOMS = ("community:mil", "community:un", "community:ngo", "community:all", f"org:{OWNER}")
CAVEATS = ("SOURCE", "OWN_SIDE")

labels = st.builds(
    label,
    st.dictionaries(st.sampled_from(["un", "other"]), st.integers(0, 3)),
    st.lists(st.sets(st.sampled_from(ATOMS), min_size=1), min_size=1, max_size=3),
    st.sets(st.sampled_from(CAVEATS)),
)
readers = st.builds(
    Clearance,
    st.dictionaries(st.sampled_from(["un", "other"]), st.integers(-1, 3)),
    st.frozensets(st.sampled_from(ATOMS)),
    st.frozensets(st.sampled_from(CAVEATS)),
)


@given(labels, labels, readers)
def test_who_reads_the_stricter_label_reads_the_other(
    first: Label, second: Label, reader: Clearance
) -> None:
    if keeps_out(first, second) and reads(reader, first):
        assert reads(reader, second)


@given(labels)
def test_every_label_keeps_out_whom_it_keeps_out(value: Label) -> None:
    assert keeps_out(value, value)


@pytest.mark.parametrize(
    ("wire", "marking"),
    [
        (WireLabel(level="public", releasable_to=(("all",),)), "CLEAR"),
        (WireLabel(level="unclassified", releasable_to=(("all",),)), "GREEN"),
        (WireLabel(level="unclassified", releasable_to=(("mil", "mission", "un"),)), "AMBER"),
        (WireLabel(level="unclassified", releasable_to=(("mil",),)), "AMBER+STRICT"),
        (WireLabel(level="strictly_confidential"), "RED"),
        (WireLabel(level="public", releasable_to=(("all",),), caveats=("SOURCE",)), None),
    ],
)
def test_a_label_goes_out_under_the_most_open_marking_that_is_strict_enough(
    wire: WireLabel, marking: str | None
) -> None:
    assert TLP.says(POLICY, POLICY.label(wire, OWNER), OWNER) == marking


@pytest.mark.parametrize("policy", [TLP, ALLIANCE], ids=lambda one: one.id)
def test_a_marking_that_came_in_goes_out_as_itself(policy: Markings) -> None:
    for one in policy.ladder:
        brought = POLICY.label(policy.read(one.word, "/marking"), OWNER)
        assert policy.says(POLICY, brought, OWNER) == one.word


@pytest.mark.parametrize("spelled", ["TLP:CLEAR", "clear", "TLP:WHITE", " white "])
def test_a_marking_is_read_in_any_case_with_or_without_its_prefix_and_by_its_old_name(
    spelled: str,
) -> None:
    assert TLP.read(spelled, "/marking").releasable_to == (("all",),)


@pytest.mark.parametrize(
    ("policy", "spelled", "code"),
    [(TLP, "PURPLE", "unknown_marking"), (ALLIANCE, "NATO SECRET", "not_accredited")],
)
def test_what_may_not_or_cannot_be_kept_here_is_refused(
    policy: Markings, spelled: str, code: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        policy.read(spelled, "/marking")
    assert [(one.pointer, one.code) for one in caught.value.errors] == [("/marking", code)]


def test_an_audience_that_nobody_here_belongs_to_leaves_the_owner_alone() -> None:
    open_to_mil = WireLabel(level="public", releasable_to=(("mil",),))
    assert narrowed(open_to_mil, [["un"], []], []).releasable_to == ()


def test_narrowing_what_is_for_the_owner_alone_opens_it_to_nobody() -> None:
    assert narrowed(WireLabel(level="public"), [["mil"]], []).releasable_to == ()


def test_a_mission_whose_markings_stand_for_no_label_of_its_own_does_not_start(
    tmp_path: Path,
) -> None:
    wrong = tmp_path / "mission.toml"
    told = POLICY_FILE.read_text("utf-8").replace(
        '"CLEAR", also = ["WHITE"], level = "public"', '"CLEAR", level = "cosmic"'
    )
    wrong.write_text(told, "utf-8")
    with pytest.raises(InvalidError):
        load_markings(wrong, load_policy(wrong))
