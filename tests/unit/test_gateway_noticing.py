"""What the read log takes note of, in every shape that records are shown in."""

from pathlib import Path

from services.gateway.reads.noticing import shown_in
from shared.contracts.event import Group
from shared.policy import load_policy

POLICY = load_policy(Path(__file__).parents[2] / "deploy/policy/mission.toml")
OWNER = "organisation_00000000000000000000000001"
PERSON = "person_00000000000000000000000001"


def test_a_name_that_is_proposed_is_noted_though_it_has_no_groups_and_no_version() -> None:
    label = {"level": "confidential", "releasable_to": [["un"]], "caveats": []}
    proposed = {"id": PERSON, "kind": "person", "owner": OWNER, "label": label, "score": 1.0}
    [shown] = shown_in(POLICY, "/suggest", {"items": [proposed]})
    assert (shown.record, set(shown.portions)) == (PERSON, {Group.BASE})
