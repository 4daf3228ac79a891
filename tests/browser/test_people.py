"""People, posts and organisations: what is hidden stays hidden, and numbers lead to what they count."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Site, Visit, Visitor, doorman
from tests.browser.fake_people import CHIEF, EMPTY, HIDDEN, OFFICE, TWICE, UNION
from tests.browser.fake_world import an_id
from tests.browser.seats import Seats

Html = Callable[..., str]
PAGES = (
    "/people", "/posts", "/organisations", f"/people/{CHIEF}", f"/posts/{OFFICE}",
    f"/organisations/{UNION}", f"/people/{CHIEF}?tab=history", "/search?q=chief",
)  # fmt: skip
ABSENT = an_id("person", 999)


@pytest.fixture(scope="module")
def somebody(browser: Browser, site: Site, seats: Seats) -> Iterator[Callable[[str], Visitor]]:
    """One visitor without scripts for each account."""
    known: dict[str, Visitor] = {}
    with doorman(browser, site, seats) as visit:
        yield lambda who: known.setdefault(who, visit(who, scripts=False))


@pytest.fixture
def html(somebody: Callable[[str], Visitor]) -> Html:
    """What the browser would be sent, by path and account."""

    def got(path: str, who: str = "liaison-officer") -> str:
        visitor = somebody(who)
        return visitor.context.request.get(visitor.site.address + path).text()

    return got


@pytest.mark.parametrize("path", PAGES)
def test_what_an_ngo_may_not_know_of_people_is_nowhere_in_the_page(html: Html, path: str) -> None:
    assert "SECRET-" not in html(path, "ngo-forum")


def test_somebody_whose_name_is_withheld_is_called_what_they_are(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/people/{CHIEF}")
    expect(page.locator("h1")).to_have_text(
        "Paramount chief of the river villages", use_inner_text=True
    )
    names = page.locator("section", has=page.locator("#what-title"))
    assert names.locator(".withheld").inner_text() == "Withheld: not releasable to you"


def test_who_may_know_the_name_sees_it_in_its_own_script_as_well(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/people/{CHIEF}")
    expect(page.locator("h1")).to_contain_text("Deng Invented", use_inner_text=True)
    assert page.locator("bdi[lang=ar-Arab]").inner_text() == "دينق المتخيل"
    assert page.locator("bdi[lang=ar-Latn]").get_attribute("dir") == "ltr"


def test_contact_details_are_never_part_of_the_page(html: Html) -> None:
    shown = html(f"/people/{CHIEF}")
    assert "SECRET-NAME" in shown
    assert not re.search("SECRET-(NUMBER|NOTE)", shown)


def test_a_hidden_person_and_an_absent_one_give_the_same_page(html: Html) -> None:
    hidden, absent = (_main(html(f"/people/{id_}", "ngo-forum")) for id_ in (HIDDEN, ABSENT))
    assert hidden == absent


def test_the_holders_of_a_post_stand_in_order_with_the_time_it_was_vacant(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/posts/{OFFICE}")
    rows = page.locator("#holders-title >> xpath=ancestor::section//tbody/tr").all_inner_texts()
    assert [row.split("\t")[-1] for row in rows] == [
        "10 Jan 2022 – today",
        "1 Jan 2021 – 9 Jan 2022",
        "1 Jul 2020 – 31 Dec 2020",
        "1 Feb 2019 – 30 Jun 2020",
    ]
    assert "Vacant" in rows[1]


def test_who_holds_a_post_is_withheld_where_the_post_is_not(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open(f"/posts/{OFFICE}")
    expect(page.locator("h1")).to_have_text("Chair of the peace committee", use_inner_text=True)
    expect(page.locator(".withheld")).to_have_count(1)


def test_a_merged_record_leads_to_the_one_that_goes_on_and_back(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/people/{TWICE}")
    page.click("main .notice a")
    expect(page.get_by_text("Also recorded as")).to_have_count(1)
    page.click("#merged-title >> xpath=ancestor::section//a")
    expect(page.locator("h1", has_text="Ferryman")).to_have_count(1)


def test_a_number_of_promises_links_to_exactly_the_list_it_counts(html: Html) -> None:
    numbers = re.findall(
        r'class="outcome[^>]*href="([^"]+)" data-count="(\d+)"', html(f"/organisations/{UNION}")
    )
    assert len(numbers) == 8
    listed = [len(re.findall("data-row", html(href.replace("&amp;", "&")))) for href, _ in numbers]
    assert listed == [int(count) for _, count in numbers]
    assert sum(listed) > 2


def test_people_posts_and_organisations_are_one_entry_with_three_lists(visit: Visit) -> None:
    page = visit(scripts=False).open("/contacts")
    for name in ("Organisations", "Posts", "People"):
        page.get_by_role("navigation", name="Contacts").get_by_role("link", name=name).click()
        expect(page.locator("h1")).to_have_text(name, use_inner_text=True)
        assert page.locator(".rail a[aria-current]").inner_text() == "Contacts"


def test_a_post_nobody_holds_says_so(html: Html) -> None:
    assert "Nobody is known to have held it." in html(f"/posts/{EMPTY}")


def _main(shown: str) -> str:
    return shown.split("<main", 1)[1].split("</main>")[0]
