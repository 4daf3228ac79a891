"""What a preview of a release shows is what the label rule says of the labels it would have."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.explaining.previewing import Asked, preview, relabelled, somebody_of
from services.gateway.fields_told import fields_by_group
from shared.ids import RecordId
from shared.labels import Label, join, reads
from shared.policy import WireLabel, load_policy
from shared.principal import Principal

Json = dict[str, Any]  # Any: JSON
POLICY = load_policy(Path(__file__).parents[2] / "deploy/policy/mission.toml")
OWNER = "organisation_00000000000000000000000001"
GROUPS = ("identity", "exact_place", "own_side")
COMMUNITIES = ("mil", "un", "ngo", "local")
WIRES = st.fixed_dictionaries(
    {
        "level": st.sampled_from([level.id for level in POLICY.levels]),
        "releasable_to": st.lists(
            st.lists(st.sampled_from(COMMUNITIES), min_size=1, unique=True), max_size=2
        ),
        "caveats": st.lists(st.sampled_from([*POLICY.caveats]), unique=True),
    }
)


def _view(base: Json, groups: Mapping[str, Json], withheld: Sequence[str] = ()) -> Json:
    told = {group: {"text": group} for group in groups}
    return {"id": "engagement_00000000000000000000000001", "owner": OWNER, "label": base,
            "group_labels": groups, "withheld": list(withheld), **told}  # fmt: skip


def _label(wire: Json) -> Label:
    return POLICY.label(WireLabel.model_validate(wire), RecordId.parse(OWNER))


@given(
    WIRES,
    st.fixed_dictionaries(dict.fromkeys(GROUPS, WIRES)),
    st.dictionaries(st.sampled_from(("base", *GROUPS)), WIRES),
    st.sampled_from(COMMUNITIES),
)
def test_a_preview_shows_the_groups_that_the_rule_lets_its_audience_read(
    base: Json, groups: Mapping[str, Json], wanted: Mapping[str, Json], audience: str
) -> None:
    asked = Asked(_view(base, groups), (), wanted, audience)
    reader = somebody_of(POLICY, asked).clearance
    theirs = preview(POLICY, asked, ())["view"]
    wires = {"base": base, **groups, **wanted}
    effective = {group: join(_label(wires["base"]), _label(wires[group])) for group in wires}
    assert (theirs is not None) == reads(reader, effective["base"])
    shown = {group for group in GROUPS if theirs and group in theirs}
    assert shown == {group for group in GROUPS if theirs and reads(reader, effective[group])}


@given(WIRES, st.fixed_dictionaries(dict.fromkeys(GROUPS, WIRES)), st.sampled_from(COMMUNITIES))
def test_a_preview_of_nothing_new_is_what_its_audience_reads_today(
    base: Json, groups: Mapping[str, Json], audience: str
) -> None:
    view = _view(base, groups)
    assert relabelled(view, {}) == view
    told = preview(POLICY, Asked(view, (), {}, audience), (_somebody("ngo"), _somebody("mil")))
    assert all(one["now"] == one["then"] for one in told["reach"])


def test_what_whoever_asks_does_not_read_is_never_in_a_preview() -> None:
    wire = {"level": "public", "releasable_to": [["all"]], "caveats": []}
    view = _view(wire, {"identity": wire}, withheld=["source"])
    theirs = preview(POLICY, Asked(view, (), {"source": wire}, "ngo"), ())["view"]
    assert "source" not in theirs
    assert theirs["withheld"] == ["source"]


def test_a_release_counts_whom_it_reaches_and_who_was_reached_before() -> None:
    mil = {"level": "unclassified", "releasable_to": [["mil"]], "caveats": []}
    both = mil | {"releasable_to": [["mil", "ngo"]]}
    let_in = (_somebody("ngo"), _somebody("mil"), _somebody("ngo", level=0))
    told = preview(POLICY, Asked(_view(mil, {}), (), {"base": both}, "ngo"), let_in)
    [reach] = told["reach"]
    assert (sum(reach["now"].values()), sum(reach["then"].values())) == (1, 2)


def _somebody(community: str, level: int = 1) -> Principal:
    organisation = RecordId.parse(f"organisation_0000000000000000000000000{len(community)}")
    return Principal(
        "a", organisation, "a", communities=frozenset({community}), levels={"un": level}
    )


def test_a_preview_tells_the_day_and_the_district_to_who_would_be_told_no_more() -> None:
    kept = {"level": "public", "releasable_to": [], "caveats": []}
    wanted = {"level": "public", "releasable_to": [["un"]], "caveats": []}
    exact = {
        "starts_at": "2031-03-02T06:10:00Z",
        "ends_at": "2031-03-02T07:10:00Z",
        "place": {"text": "Hidden Camp", "area": "SS080103", "place_id": None, "point": None},
    }
    groups = dict.fromkeys(("time", "place", "exact_place"), kept)
    view = _view(kept, groups) | exact
    # The spot alone does not go along: it lies within the place.
    asked = Asked(view, (), {"base": wanted, "exact_place": wanted}, "un")
    theirs = preview(POLICY, asked, ())["view"]
    assert theirs["starts_at"] == theirs["ends_at"] == "2031-03-02T00:00:00Z"
    assert theirs["place"]["text"] == theirs["place"]["area"] == "SS0801"
    assert theirs["coarse"] == {"time": "day", "place": "district"}
    assert sorted(theirs["withheld"]) == sorted(groups)
    assert "06:10" not in str(theirs)
    assert "exact_place" not in theirs
    assert list(fields_by_group(theirs)) == ["base"]
    assert [one.name for one in fields_by_group(view)["time"]] == ["starts_at", "ends_at"]


def test_a_preview_of_a_person_says_that_the_role_alone_is_told() -> None:
    kept = {"level": "public", "releasable_to": [], "caveats": []}
    wanted = {"level": "public", "releasable_to": [["un"]], "caveats": []}
    view = _view(kept, {"identity": kept}) | {"id": "person_00000000000000000000000001"}
    theirs = preview(POLICY, Asked(view, (), {"base": wanted}, "un"), ())["view"]
    assert theirs["coarse"] == {"identity": "role"}
    assert "identity" not in theirs
