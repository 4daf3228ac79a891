"""The gateway's own look at what leaves: by the labels alone, and denying what it does not know."""

from pathlib import Path
from typing import Any

import pytest

from services.gateway.second_check import only_readable
from services.reporting.views import chosen
from shared.errors import NotFoundError
from shared.ids import RecordId
from shared.policy import load_policy
from shared.principal import Principal

POLICY = load_policy(Path(__file__).parents[2] / "deploy/policy/mission.toml")
OWNER = "organisation_00000000000000000000000001"
READER = Principal(
    subject="ann",
    organisation=RecordId.parse("organisation_00000000000000000000000002"),
    client="client:ann",
    communities=frozenset({"un"}),
    levels={"un": 2},
)


def view(label: Any, **groups: Any) -> dict[str, Any]:
    content = {group: {"words": "here"} for group in groups}
    return {
        "id": "engagement_00000000000000000000000001",
        "owner": OWNER,
        "label": label,
        "group_labels": groups,
    } | content


def wire(level: str = "public", audience: str = "un", **more: Any) -> dict[str, Any]:
    return {"level": level, "releasable_to": [[audience]], "caveats": []} | more


def test_what_is_readable_passes_as_it_is() -> None:
    shown = view(wire(), source=wire("confidential"))
    assert only_readable(POLICY, READER, shown) == shown


@pytest.mark.parametrize(
    "label",
    [
        wire("strictly_confidential"),
        wire(audience="mil"),
        wire(caveats=["SOURCE"]),
        wire("no_such_level"),
        wire(audience="nobody-we-know"),
        {"level": "public"},
        None,
    ],
)
def test_a_record_that_is_not_readable_is_not_there(label: Any) -> None:
    with pytest.raises(NotFoundError):
        only_readable(POLICY, READER, view(label))


def test_a_list_loses_what_is_not_readable() -> None:
    kept = view(wire())
    assert only_readable(POLICY, READER, {"items": [view(wire(audience="mil")), kept]}) == {
        "items": [kept]
    }


def test_a_view_of_chosen_fields_is_looked_at_like_a_whole_one() -> None:
    hidden = chosen(view(wire(audience="mil")), ["title"])
    assert only_readable(POLICY, READER, {"items": [hidden]}) == {"items": []}
    told = chosen(view(wire(), source=wire(caveats=["SOURCE"])), ["source"])
    assert "source" not in only_readable(POLICY, READER, {"items": [told]})["items"][0]


def test_a_group_that_is_not_readable_is_withheld() -> None:
    told = only_readable(POLICY, READER, view(wire(), source=wire(caveats=["SOURCE"])))
    assert "source" not in told
    assert told["withheld"] == ["source"]


def test_the_owner_reads_his_own_without_being_named() -> None:
    owner = Principal("o", RecordId.parse(OWNER), "client:o", levels={"un": 2})
    alone = view({"level": "confidential", "releasable_to": [], "caveats": []})
    assert only_readable(POLICY, owner, alone) == alone
