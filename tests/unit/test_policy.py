"""Labels as partners write them, under the mission policy that ships."""

import re
from pathlib import Path

import pytest

from shared.contracts.event import Group
from shared.errors import InvalidError
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.policy import Policy, WireLabel, load_policy
from shared.roles import TABLE

POLICY_FILE = Path(__file__).parents[2] / "deploy/policy/mission.toml"
OWNER = RecordId.parse("organisation_00000000000000000000000001")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY_FILE)


def test_the_owner_is_added_to_every_clause(policy: Policy) -> None:
    wire = WireLabel(level="confidential", releasable_to=(("mil",), ("un", "ngo")))
    assert policy.label(wire, OWNER).clauses == {
        frozenset({f"org:{OWNER}", "community:mil"}),
        frozenset({f"org:{OWNER}", "community:un", "community:ngo"}),
    }


def test_a_missing_audience_means_the_owner_alone(policy: Policy) -> None:
    assert policy.label(WireLabel(level="public"), OWNER) == label({"un": 0}, [{f"org:{OWNER}"}])


def test_a_kind_or_group_without_a_default_is_for_the_owner_alone_at_the_top(
    policy: Policy,
) -> None:
    assert policy.default(Kind.PLACE, Group.SOURCE, OWNER) == label({"un": 3}, [{f"org:{OWNER}"}])


def test_a_label_reads_on_the_wire_as_it_was_written(policy: Policy) -> None:
    wire = {"level": "confidential", "releasable_to": [["mil"]], "caveats": ["SOURCE"]}
    assert policy.wire(policy.label(WireLabel.model_validate(wire), OWNER), OWNER) == wire


@pytest.mark.parametrize(
    ("wire", "pointer"),
    [
        (WireLabel(level="cosmic"), "/label/level"),
        (WireLabel(level="public", releasable_to=(("pirates",),)), "/label/releasable_to/0"),
        (WireLabel(level="public", releasable_to=((),)), "/label/releasable_to/0"),
        (WireLabel(level="public", releasable_to=(("org:x",),)), "/label/releasable_to/0"),
        (WireLabel(level="public", caveats=("NOFORN",)), "/label/caveats"),
    ],
)
def test_a_word_the_policy_does_not_have_is_named(
    policy: Policy, wire: WireLabel, pointer: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        policy.label(wire, OWNER)
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_every_role_the_mission_gives_is_one_the_table_knows(policy: Policy) -> None:
    assert policy.roles.keys() <= TABLE.keys()


@pytest.mark.parametrize(
    "opens", ['["PROTECTION", "SOURCE"]', '["NO_SUCH_CAVEAT"]', '["INFORMANT"]']
)
def test_a_mission_that_would_open_what_protects_sources_does_not_load(
    tmp_path: Path, opens: str
) -> None:
    told = POLICY_FILE.read_text("utf-8").replace(
        'opens = ["OWN_SIDE", "PROTECTION"]', f"opens = {opens}"
    )
    # Its sources bear a caveat of its own, too.
    told = told.replace('caveats = ["SOURCE"]', 'caveats = ["SOURCE", "INFORMANT"]')
    told = told.replace(
        'SOURCE = "Source protection"', 'SOURCE = "Source"\nINFORMANT = "Informants"'
    )
    changed = tmp_path / "mission.toml"
    changed.write_text(told, "utf-8")
    with pytest.raises(ValueError, match="protects sources"):
        load_policy(changed)


def test_a_mission_that_says_nothing_of_emergencies_opens_nothing(tmp_path: Path) -> None:
    silent = tmp_path / "mission.toml"
    said = re.sub(r"\[emergency\]\n(?:.+\n)+", "", POLICY_FILE.read_text("utf-8"))
    silent.write_text(said, "utf-8")
    policy = load_policy(silent)
    assert (policy.openable, policy.emergency_roles) == (frozenset(), frozenset())
