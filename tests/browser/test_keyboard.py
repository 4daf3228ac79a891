"""The whole way with the keyboard alone, and keys that keep out of the way of typing."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def test_from_sign_in_to_a_record_and_out_again_by_keyboard_alone(visit: Visit) -> None:
    page = visit(None).open("/engagements")
    page.keyboard.type("liaison-officer")
    page.keyboard.press("Tab")
    page.keyboard.type("right")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Engagements")
    page.wait_for_selector("#connection[data-state=live]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    title = page.locator("[data-row].at .title a").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_selector("#connection[data-state=live]")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.focus("summary[aria-label='You and what you may see']")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_keys_are_off_while_typing(visit: Visit) -> None:
    page = visit().open("/engagements")
    page.wait_for_selector("#connection[data-state=live]")
    page.keyboard.press("/")
    page.keyboard.type("n?j")
    assert page.input_value("#search") == "n?j"
    assert page.url.endswith("/engagements")


def test_a_question_mark_shows_the_keys(visit: Visit) -> None:
    page = visit().open("/")
    page.wait_for_selector("#connection[data-state=live]")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_somebody_who_switched_single_keys_off_is_left_alone(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/")
    page.wait_for_selector("#connection[data-state=live]")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.endswith("/")
