"""Exports and imports on the pages, without scripts: asked for from a list, looked at, stopped."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visit
from tests.browser.fake_jobs import CHECKED, ENDING, EXPORTED, IMPORTING


def test_a_list_is_exported_with_the_filters_it_has(visit: Visit) -> None:
    page = visit(scripts=False).open("/organisations?q=relief")
    page.locator("summary:has-text('Export')").click()
    page.get_by_label("Format").select_option("hxl")
    page.get_by_role("button", name="Export what this list shows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Export: Organisations")
    expect(page.locator("dl.wide")).to_contain_text("a table with HXL hashtags")
    expect(page.locator(".status")).to_have_text("Waiting its turn")


def test_a_file_is_fetched_from_the_page_of_its_job(visit: Visit) -> None:
    page = visit(scripts=False).open("/jobs")
    page.get_by_role("link", name="Export: Engagements").first.click()
    link = page.get_by_role("link", name="Fetch the file")
    expect(link).to_have_attribute("href", f"/v1/jobs/{EXPORTED}/file")


def test_an_import_says_how_far_it_is_and_what_was_refused(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/jobs/{IMPORTING}")
    expect(page.locator(".record-marks")).to_contain_text("40 of 120 rows")
    expect(page.locator("progress")).to_have_attribute("value", "40")
    expect(page.locator("tbody tr").first).to_contain_text("/colour")
    expect(page.locator(".notice.warn")).to_contain_text("Couleur")
    page.get_by_role("link", name="More").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?cursor=more#refused-title")


def test_whoever_asked_for_nothing_is_told_how(visit: Visit) -> None:
    page = visit("ngo-forum", scripts=False).open("/jobs")
    expect(page.locator(".empty")).to_contain_text("Every list can be exported")


def sending(page: Page, name: str, content: str) -> None:
    """The form filled in and sent, with a file of that name."""
    page.get_by_label("What the rows are").select_option("engagements")
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_a_file_is_checked_first_and_written_when_its_sender_says_so(visit: Visit) -> None:
    page = visit(scripts=False).open("/jobs")
    page.get_by_role("link", name="Send in a file").click()
    sending(page, "talks.csv", "purpose,starts_at\nTalks,2030-01-02T09:00:00Z\n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check of an import: Engagements")
    expect(page.locator(".notice.ok")).to_contain_text("3 rows would be accepted")
    understood = page.get_by_role("region", name="How the columns were understood")
    expect(understood.locator("tbody tr").first).to_contain_text("But de la rencontre")
    expect(understood.locator("tbody tr").first).to_contain_text("purpose")
    page.get_by_role("button", name="Write these rows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import: Engagements")


def test_what_is_wrong_with_a_file_is_said_beside_it(visit: Visit) -> None:
    page = visit(scripts=False).open("/jobs/import?records=people")
    expect(page.get_by_label("What the rows are")).to_have_value("people")
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#e-file-1")).to_have_text("Choose a file first.")
    sending(page, "talks.xlsx", "PK")
    expect(page.locator("#e-file-1")).to_contain_text("Send a table (.csv)")
    sending(page, "talks.csv", '{"purpose": "Talks"}')
    expect(page.locator("#e-file-1")).to_contain_text("not what its ending says")
    page.get_by_label("Whose the ids in it are").fill("Our roster")
    sending(page, "talks.csv", "purpose\nTalks\n")
    expect(page.locator("#e-system-1")).to_contain_text("Lower-case letters")
    expect(page.get_by_label("What the rows are")).to_have_value("engagements")


def test_reasons_are_taken_along_as_a_table(visit: Visit) -> None:
    page = visit(scripts=False).open(f"/jobs/{CHECKED}")
    with page.expect_download() as taken:
        page.get_by_role("link", name="All of them, as a table (CSV)").click()
    lines = taken.value.path().read_text("utf-8-sig").splitlines()
    assert taken.value.suggested_filename == "refused-engagements-public.csv"
    assert lines[0].startswith("PUBLIC // OWNER ONLY")
    assert lines[1:3] == ["row,line,field,code,reason", "7,8,/colour,unknown_field,This is needed."]


def test_an_open_page_follows_its_job_until_it_is_done(visit: Visit) -> None:
    page = visit().open(f"/jobs/{ENDING}")
    expect(page.locator(".record-marks")).to_contain_text("Under way")
    expect(page.locator(".record-marks")).to_contain_text("Done")
    expect(page.locator("#job[hx-get]")).to_have_count(0)
