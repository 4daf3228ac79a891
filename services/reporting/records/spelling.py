"""Spellings of one name that count as the same: by letters, by sound, by consonants alone. Pure.

Somali, Arabic and English write one name in many ways: Xudur, Hudur; Baydhaba, Baidoa; محمد, Mohamed. The
rules were chosen by measuring on the Somali location file (docs/benchmarks.md, Search).
"""

import re
from typing import NamedTuple

from services.reporting.records.words import folded

# What PostgreSQL's levenshtein takes at most is 255.
NAME_LETTERS = 100
_APOSTROPHES = re.compile(r"[\u0027\u0060\u00b4\u02b0-\u02bf\u2018\u2019\u201b\u2032\u0640]")
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_LATIN = str.maketrans(
    {
        "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh",
        "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "c",
        "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w",
        "ي": "y", "ى": "a", "ة": "a", "ء": "", "ٱ": "a", "پ": "p", "چ": "ch", "ژ": "zh", "ڤ": "v",
        "ک": "k", "گ": "g", "ی": "y", "ہ": "h", "ھ": "h",
    }
)  # fmt: skip
# One after another: digraphs before the letters they are made of. Each goes over all words at once.
_CONSONANTS = (
    ("ck", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("sh", "s"),
    ("ch", "s"), ("dj", "j"), ("c", ""), ("x", "h"), ("q", "k"), ("v", "b"), ("p", "b"), ("z", "s"),
)  # fmt: skip
_DIPHTHONGS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("[ae][yi]|ae", "i"), ("[ao][uw]", "u"), ("w(?![aeiou])", "u"), ("y(?=[aou])", ""),
    )
]  # fmt: skip
_VOWELS = (("e", "i"), ("y", "i"), ("o", "u"))
_TWICE = re.compile(r"(.)\1+")
_SOFT = re.compile(r"[aeiouwy ]+")


class Spelling(NamedTuple):
    """`folded`: its words, without case and accents, in Latin letters; `heard`: what they sound like;
    `bones`: its consonants, without spaces; Arabic rarely writes more."""

    folded: str
    heard: str
    bones: str


def spelling(text: str) -> Spelling:
    """How `text` is compared with others. Empty when it has no letters."""
    words = " ".join(_words(text))[:NAME_LETTERS].strip()
    heard = _heard(words)
    bones = _TWICE.sub(_once, _SOFT.sub("", heard))
    return Spelling(words, heard, bones)


def is_arabic(text: str) -> bool:
    """Whether any of it is written in Arabic letters."""
    return _ARABIC.search(text) is not None


def _words(text: str) -> list[str]:
    letters = folded(_APOSTROPHES.sub("", text.casefold()))
    words = _WORD.findall(letters)
    if letters.isascii():
        return words
    return [_in_latin(word) if is_arabic(word) else word for word in words]


def _in_latin(word: str) -> str:
    """The article comes off: beside a Latin name it is written apart, or not at all."""
    without = word.removeprefix("ال") if len(word) > len("ال") + 1 else word
    return without.translate(_LATIN)


def _heard(words: str) -> str:
    """What these words sound like; none is left of a word that is all silent."""
    words = _TWICE.sub(_once, words)
    for letters, sound in _CONSONANTS:
        words = words.replace(letters, sound)
    for pattern, sound in _DIPHTHONGS:
        words = pattern.sub(sound, words)
    for letter, sound in _VOWELS:
        words = words.replace(letter, sound)
    words = _TWICE.sub(_once, words)
    return " ".join([word.removesuffix("h") or word for word in words.split()])


def _once(twice: re.Match[str]) -> str:
    """Not a template: the interpreter takes one apart anew for every name."""
    return twice[1]
