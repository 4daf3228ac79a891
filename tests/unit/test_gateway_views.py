"""Views as they leave."""

from services.gateway.partner_api.views import rendered
from services.reporting.views import chosen

VIEW = {
    "id": "engagement_00000000000000000000000001",
    "kind": "engagement",
    "view_version": 3,
    "starts_at": "2030-01-02T00:00:00Z",
    "group_labels": {},
    "coarse": {"time": "day"},
    "status": "planned",
}


def test_a_chosen_field_that_is_coarse_says_so_all_the_way() -> None:
    told = rendered(b"secret", chosen(VIEW, ["starts_at"]), frozenset({"starts_at"}))
    assert told["coarse"] == {"time": "day"}
    assert "status" not in told


def test_numbers_of_the_services_stay_inside() -> None:
    assert "view_version" not in rendered(b"secret", VIEW)
