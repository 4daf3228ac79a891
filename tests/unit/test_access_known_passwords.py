"""Passwords that became known elsewhere are refused: those of our list, and those of an operator's."""

from hashlib import sha1
from pathlib import Path

import pytest

from services.gateway.access.known_passwords import OURS, KnownPasswords, open_known_passwords
from services.gateway.access.password_rules import SHORTEST

OWN_WORDS = "Kettle-orbit-plum 7"


def listed(path: Path, *passwords: str, ending: str = "\r\n") -> Path:
    """As Pwned Passwords are published."""
    digests = sorted(
        sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in passwords
    )
    path.write_text("".join(f"{digest}:3{ending}" for digest in digests), newline="")
    return path


@pytest.fixture(scope="module")
def ours() -> KnownPasswords:
    return open_known_passwords(None)


@pytest.mark.parametrize(
    "password",
    [
        "manchesterunited",
        "ManchesterUnited",
        "manchesterunited99!",
        "highschool musical",
        "123456789123456",
        "spongebobsquarepants",
    ],
)
async def test_common_long_passwords_are_known_however_they_are_dressed(
    ours: KnownPasswords, password: str
) -> None:
    assert len(password) >= SHORTEST
    assert await ours.has(password)


@pytest.mark.parametrize("password", [OWN_WORDS, "الطريق طويل والجبل بعيد", "7" * 5, "!" * 20])
async def test_others_are_not(ours: KnownPasswords, password: str) -> None:
    assert not await ours.has(password)


def test_our_list_is_longer_than_what_the_standard_asks_and_in_order() -> None:
    lines = OURS.read_text("ascii").split()
    assert len(lines) >= 3_000  # OWASP ASVS 5.0, 6.2.4
    assert lines == sorted(set(lines))


async def test_every_line_of_a_list_is_found(tmp_path: Path) -> None:
    words = [f"leaked somewhere {number}" for number in range(500)]
    known = open_known_passwords(listed(tmp_path / "pwned.txt", *words))
    assert [await known.has(word) for word in words] == [True] * len(words)
    assert not await known.has("leaked somewhere else")


async def test_an_operators_list_is_exact_about_capitals(tmp_path: Path) -> None:
    known = open_known_passwords(listed(tmp_path / "pwned.txt", OWN_WORDS, ending="\n"))
    assert await known.has(OWN_WORDS)
    assert not await known.has(OWN_WORDS.upper())


@pytest.mark.parametrize(
    "content", [b"", b"manchesterunited\n", b"5baa61e4c9b93f3f0682250b6cf8331b\n"]
)
def test_a_file_that_is_no_such_list_stops_the_start(tmp_path: Path, content: bytes) -> None:
    wrong = tmp_path / "words.txt"
    wrong.write_bytes(content)
    with pytest.raises(ValueError, match="no list of SHA-1"):
        open_known_passwords(wrong)
