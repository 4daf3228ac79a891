"""Which passwords may be chosen: long ones of any kind, and none that is guessed first."""

import pytest

from services.gateway.access.password_rules import weakness

NAMES = ("amina.khalil", "Amina Khalil", "unmiss-demo", "hq")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "kettle-orbit-plum",
        "onlysmallletters in a row of words",
        "ALLCAPITALZWXJKVBPQ",
        "93847561029384",
        "الطريق طويل والجبل بعيد",
        "  spaces before and behind  ",
        "🐪🌾🛶🪁🧭🗻🪨🐃🌒🎐🪶🧶🪔🛖🌵",
        "x7#Kq9!vLm2$wTz",
        "a" + "bcdxkqvzwjhg" * 3 + "!" * 80,
    ],
    ids=repr,
)
def test_any_characters_will_do(password: str) -> None:
    assert len(password) < 15 or weakness(password, NAMES) is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"),
        ("x7#Kq9!vLm2$wT", "short"),
        ("x" * 1_025, "long"),
        ("passwordpassword", "easy"),
        ("P@ssw0rdP@ssw0rd!", "easy"),
        ("password123456789", "easy"),
        ("qwertyuiopasdfgh", "easy"),
        ("1qaz2wsx3edc4rfv", "easy"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy"),
        ("abcabcabcabcabcabc", "easy"),
        ("xkqxkqxkqxkqxkqxkq", "easy"),
        ("012345678901234567890", "easy"),
        ("iloveyouforever2024", "easy"),
        ("Administrator2026!", "easy"),
        ("welcome-summer-2026", "easy"),
    ],
)
def test_what_is_too_short_or_easy_is_refused(password: str, why: str) -> None:
    assert weakness(password, NAMES) == why


@pytest.mark.parametrize(
    "password",
    ["parley-liaison-2026", "AminaKhalilAmina", "unmiss-demo-amina", "Mission Parley hq!!"],
)
def test_words_that_belong_to_the_place_do_not_count(password: str) -> None:
    assert weakness(password, NAMES) == "easy"


def test_a_long_password_is_judged_at_once() -> None:
    assert weakness("parley" * 170, NAMES) == "easy"
