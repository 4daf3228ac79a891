"""Which passwords people may choose: long ones, of anything but what is guessed first. Pure.

Length is what counts (NIST SP 800-63B-4): 15 characters, and none of those that are easy to guess is one of
them: common words, words of the place, runs, repetitions. What is left must still be long.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from services.gateway.access.easy_words import EASY
from services.gateway.access.passwords import LENGTH_LIMIT

SHORTEST = 15
# So many characters must be left when all that is easy is taken out.
LEFT = 8
WORD_LENGTH = 3
# docs/security.md lists them; the mission's codes and the person's own names come to them.
OF_THE_PLACE = ("parley", "liaison", "mission")

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop",
         "abcdefghijklmnopqrstuvwxyz", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")  # fmt: skip
_RUN = 4
_RUNS = frozenset(
    way[start : start + _RUN]
    for row in _ROWS
    for way in (row, row[::-1])
    for start in range(len(way) - _RUN + 1)
)
_LIKE = str.maketrans("013457@$!", "oieastasi")
_SAME = re.compile(r"(.)\1{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Weakness(StrEnum):
    SHORT = "short"
    LONG = "long"
    EASY = "easy"


def weakness(password: str, names: Iterable[str]) -> Weakness | None:
    """Why it may not be chosen, or None. `names`: words of the place and of the person."""
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LENGTH_LIMIT:
        return Weakness.LONG
    known = [*EASY, *OF_THE_PLACE, *_words(names)]
    return Weakness.EASY if len(_left(password.casefold(), known)) < LEFT else None


def _words(names: Iterable[str]) -> Iterable[str]:
    """Each name as a whole, and its parts."""
    for name in names:
        folded = name.casefold()
        yield from (
            one for one in (folded, *re.split(r"[\W_]+", folded)) if len(one) >= WORD_LENGTH
        )


def _left(folded: str, known: Iterable[str]) -> str:
    """What no guesser would try first."""
    left = _YEAR.sub(" ", _SAME.sub(" ", _once(folded)))
    left = _without_runs(left)
    for word in sorted(set(known), key=len, reverse=True):
        left = _without(left, word)
    return "".join(left.split())


def _once(text: str) -> str:
    """What is repeated, once: `abcabcabc` is `abc`."""
    return text[: (text + text).find(text, 1)]


def _without(text: str, word: str) -> str:
    """Also where letters are written as figures and signs."""
    plain = text.translate(_LIKE)
    while (at := plain.find(word.translate(_LIKE))) >= 0:
        text = f"{text[:at]} {text[at + len(word) :]}"
        plain = text.translate(_LIKE)
    return text


def _without_runs(text: str) -> str:
    easy = [False] * len(text)
    for start in range(len(text) - _RUN + 1):
        if text[start : start + _RUN] in _RUNS:
            easy[start : start + _RUN] = [True] * _RUN
    return "".join(" " if skip else letter for letter, skip in zip(text, easy, strict=True))
