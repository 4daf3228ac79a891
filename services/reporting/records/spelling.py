"""Spellings of one name that count as the same: by letters, by sound, by consonants alone. Pure.

Somali, Arabic and English write one name in many ways: Xudur, Hudur; Baydhaba, Baidoa; محمد, Mohamed. The
rules were chosen by measuring on the Somali location file (docs/benchmarks.md, Search).
"""

import re
import unicodedata
from dataclasses import dataclass

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
# One after another: digraphs before the letters they are made of.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ck", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"),
        ("sh|ch", "s"), ("dj", "j"), ("c", ""), ("x", "h"), ("q", "k"), ("[vp]", "b"), ("z", "s"),
        ("[ae][yi]|ae", "i"), ("[ao][uw]", "u"), ("w(?=[aeiou])", "W"), ("w", "u"), ("W", "w"),
        ("y(?=[aou])", ""), ("[eiy]", "i"), ("o", "u"),
    )
]  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_SOFT = re.compile(r"[aeiouwy]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """`folded`: its words, without case and accents, in Latin letters; `heard`: what they sound like;
    `bones`: its consonants, without spaces; Arabic rarely writes more."""

    folded: str
    heard: str
    bones: str


def spelling(text: str) -> Spelling:
    """How `text` is compared with others. Empty when it has no letters."""
    words = _words(text)
    folded = " ".join(words)[:NAME_LETTERS].strip()
    heard = [_heard(word) for word in folded.split()]
    bones = _TWICE.sub(r"\1", _SOFT.sub("", "".join(heard)))
    return Spelling(folded, " ".join(word for word in heard if word), bones)


def is_arabic(text: str) -> bool:
    """Whether any of it is written in Arabic letters."""
    return _ARABIC.search(text) is not None


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text.casefold()))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _WORD.findall(letters)
    return [_in_latin(word) if is_arabic(word) else word for word in words]


def _in_latin(word: str) -> str:
    """The article comes off: beside a Latin name it is written apart, or not at all."""
    without = word.removeprefix("ال") if len(word) > len("ال") + 1 else word
    return without.translate(_LATIN)


def _heard(word: str) -> str:
    word = _TWICE.sub(r"\1", word)
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    word = _TWICE.sub(r"\1", word)
    return word.removesuffix("h") or word
