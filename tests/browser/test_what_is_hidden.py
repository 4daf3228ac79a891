"""Withheld content is said in words and is nowhere in what the browser got."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.fake_world import COARSE, an_id

SHARED = an_id("engagement", 3)  # its base is releasable to NGOs, its other groups are not
HIDDEN = an_id("engagement", 2)  # releasable to the military component only


def test_a_withheld_group_is_said_in_words(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/engagements/{SHARED}")
    expect(page.locator(".withheld")).to_have_count(4)
    assert page.locator(".withheld").first.inner_text() == "Withheld: not releasable to you"


@pytest.mark.parametrize("path", ["/", "/engagements", f"/engagements/{SHARED}"])
def test_what_is_withheld_is_nowhere_in_the_page(visit: Visit, path: str) -> None:
    assert "SECRET-" not in visit("ngo-forum", scripts=False).open(path).content()


@pytest.mark.parametrize(
    "path", ["/engagements", f"/engagements/{an_id('engagement', COARSE + 1)}"]
)
def test_what_is_told_coarsely_is_said_to_be(visit: Visit, path: str) -> None:
    page = visit("ngo-forum", scripts=False).open(path)
    expect(page.get_by_text("day only")).to_have_count(1)
    expect(page.get_by_text("district of Malakal")).to_have_count(1)


def test_a_hidden_record_and_an_absent_one_give_the_same_page(visit: Visit) -> None:
    visitor = visit("ngo-forum", scripts=False)
    hidden = visitor.open(f"/engagements/{HIDDEN}").inner_text("main")
    absent = visitor.open(f"/engagements/{an_id('engagement', 555)}").inner_text("main")
    assert hidden == absent


def test_a_reader_of_all_groups_sees_no_withheld_chip(visit: Visit) -> None:
    page = visit("liaison-officer", scripts=False).open(f"/engagements/{SHARED}")
    expect(page.get_by_text("SECRET-NAME")).to_have_count(1)
