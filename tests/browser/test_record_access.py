"""Why a record is seen, who else may see it, and who has."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.fake_world import an_id

TALKS = an_id("engagement", 2)


def test_a_record_leads_to_why_its_reader_sees_it(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/engagements/{TALKS}")
    page.get_by_role("link", name="Who may see it").click()
    why = page.get_by_role("region", name="Why you see this")
    expect(why.get_by_text("Your level reaches Confidential.")).to_have_count(4)
    expect(why.get_by_text("You hold the caveat Protection of persons.")).to_be_visible()
    expect(why.get_by_text("Withheld: not releasable to you")).to_have_count(1)


def test_its_owner_is_told_who_has_seen_it_page_by_page(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/records/{TALKS}/access")
    seen = page.get_by_role("region", name="Who has seen this")
    expect(seen.get_by_text("By a webhook")).to_be_visible()
    seen.get_by_role("link", name="Older").click()
    expect(seen.get_by_text("On a page")).to_be_visible()
    expect(seen.get_by_role("link", name="Older")).to_have_count(0)


def test_others_than_the_owner_are_told_only_why_they_see_it(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/records/{an_id('engagement', 3)}/access")
    expect(page.get_by_role("region", name="Why you see this")).to_be_visible()
    expect(page.get_by_role("region", name="Who may see this now")).to_have_count(0)
    expect(page.get_by_role("region", name="Who has seen this")).to_have_count(0)


def test_of_a_hidden_record_there_is_no_such_page(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/records/{TALKS}/access")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
