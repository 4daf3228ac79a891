"""Forms: they work without scripts, keep what was typed, and say what was wrong beside its field."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.fake_world import an_id


@pytest.mark.parametrize("scripts", [True, False])
def test_an_engagement_is_planned(visit: Visit, scripts: bool) -> None:
    page = visit(scripts=scripts).open("/engagements/new")
    page.fill("#purpose", "Market day security")
    page.select_option("#type", "coordination_meeting")
    page.fill("#date", "2030-01-02")
    page.fill("#place", "Malakal")
    page.fill("#name_0", "Invented Person")
    page.click("text=Record it")
    expect(page.locator("h1")).to_have_text("Market day security", use_inner_text=True)


def test_a_wrong_form_comes_back_with_its_values_and_the_errors_beside_their_fields(
    visit: Visit,
) -> None:
    page = visit(scripts=False).open("/engagements/new")
    page.fill("#purpose", "Kept as typed")
    page.select_option("#type", "ceremony")
    page.fill("#place", "nowhere at all")
    page.click("text=Record it")
    assert page.input_value("#purpose") == "Kept as typed"
    assert page.get_attribute("#place", "aria-invalid") == "true"
    expect(page.locator("#e-place-1")).to_have_text("No place is called so.", use_inner_text=True)


def test_a_form_without_its_purpose_names_the_field(visit: Visit) -> None:
    page = visit().open("/engagements/new")
    page.click("text=Record it")
    assert page.get_attribute("#purpose", "aria-invalid") == "true"
    assert page.get_attribute("#type", "aria-invalid") == "true"


def test_an_engagement_is_debriefed_without_scripts(visit: Visit) -> None:
    held = an_id("engagement", 15)
    page = visit(scripts=False).open(f"/engagements/{held}/debrief")
    page.fill("#summary", "They agreed to meet again.")
    page.click("text=Record the debrief")
    expect(page.locator("main")).to_contain_text("They agreed to meet again.", use_inner_text=True)


def test_an_engagement_is_confirmed_with_one_press(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{an_id('engagement', 13)}")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".status-confirmed")).to_have_count(1)


def test_cancelling_asks_for_a_reason(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{an_id('engagement', 7)}/cancel")
    page.locator("main button[type=submit]").click()
    assert page.get_attribute("#reason", "aria-invalid") == "true"


def test_a_form_of_another_session_changes_nothing(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{an_id('engagement', 19)}")
    answer = page.request.post(
        f"{visit().site.address}/engagements/{an_id('engagement', 19)}/confirm",
        form={"csrf_token": "of-another-session", "key": "k"},
    )
    assert answer.status == 403


def test_somebody_who_does_not_own_a_record_is_offered_no_step(visit: Visit) -> None:
    page = visit("ngo-forum").open(f"/engagements/{an_id('engagement', 3)}")
    expect(page.locator(".steps")).to_have_count(0)
