"""What is printed carries its label at both ends of every sheet, and says who printed it and when."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.pdf_text import sheets

LABEL = "EXERCISECONFIDENTIAL//RELEASABLETO:MIL"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_list_longer_than_a_sheet_has_its_label_twice_on_every_sheet(
    visit: Visit, theme: str
) -> None:
    page = visit(theme=theme, scripts=False).open("/engagements")
    found = sheets(page.pdf(prefer_css_page_size=True))
    assert len(found) > 1
    assert [sheet.count(LABEL) for sheet in found] == [2] * len(found)
    assert all("PrintedbyCapt.InventedOfficer" in sheet for sheet in found)


def test_what_is_printed_has_no_navigation(visit: Visit) -> None:
    page = visit(scripts=False).open("/timeline")
    assert not [sheet for sheet in sheets(page.pdf()) if "Savedviews" in sheet]


def test_the_map_is_printed_with_its_label(visit: Visit) -> None:
    page = visit().open("/map")
    page.wait_for_selector("#map[data-features]")
    found = sheets(page.pdf(prefer_css_page_size=True))
    assert [sheet.count(LABEL) for sheet in found] == [2] * len(found)
