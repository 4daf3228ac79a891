"""Engagements on the calendar: postponed, planned again, closed, approved; who somebody is; others' plans."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from services.gateway.web.steps import steps_for
from shared.policy import load_policy
from shared.roles import Role
from tests.browser.conftest import Visit
from tests.browser.fake_gateway import POLICY, liaison_officer
from tests.browser.fake_ids import an_id
from tests.browser.fake_world import world

PLANNED, LEADER = an_id("engagement", 1), an_id("engagement", 25)
DEBRIEFED = an_id("engagement", 10)


def test_an_overlapping_plan_of_another_organisation_is_pointed_out(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{PLANNED}")
    expect(page.locator("main")).to_contain_text("is also meeting", use_inner_text=True)


def test_promises_made_at_an_engagement_are_listed_on_its_page(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{an_id('engagement', 4)}")
    assert page.locator(".made li").count() >= 10


def test_an_engagement_is_postponed_until_further_notice(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{LEADER}/postpone")
    page.fill("#reason", "The river is too high.")
    page.click("main button[type=submit]")
    expect(page.locator(".status-postponed")).to_have_count(1)
    page.click("text=Plan it again")
    page.click("main button[type=submit]")
    assert page.get_attribute("#date", "aria-invalid") == "true"
    page.fill("#date", "2031-05-01")
    page.fill("#time", "09:00")
    page.click("main button[type=submit]")
    expect(page.locator(".status-planned")).to_have_count(1)


def test_a_debriefed_engagement_is_closed(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{DEBRIEFED}")
    page.get_by_role("button", name="Close it").click()
    expect(page.locator(".status-closed")).to_have_count(1)


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.LIAISON_OFFICER, False), (Role.OPERATIONS, True)]
)
def test_a_plan_that_needs_approval_offers_it_to_who_may_and_no_confirming(
    role: Role, offered: bool
) -> None:
    who = replace(liaison_officer().principal, roles=frozenset({role}))
    view = world()[LEADER] | {"status": "planned", "engagement_type": "key_leader_engagement"}
    steps = steps_for(who, view, load_policy(POLICY))
    assert ("approve" in steps) is offered
    assert "confirm" not in steps
