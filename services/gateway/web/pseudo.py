"""A made-up right-to-left language: every source string, plainly marked, so a missed one shows."""

import re

_PLACEHOLDER = re.compile(r"(%\([a-z_]+\)[sd]|%%|<[^>]*>|&[a-z]+;|\{[a-z]+\})")
_LOOKALIKES = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçðéƒğĥíĵķļɱñóþɋŕšţúṽŵẋýžÁƁÇÐÉƑĞĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ",
)


def pseudo(source: str) -> str:
    """`source` with other letters, between brackets; placeholders and markup stay as they are."""
    parts = _PLACEHOLDER.split(source)
    return (
        "⟦" + "".join(p if n % 2 else p.translate(_LOOKALIKES) for n, p in enumerate(parts)) + "⟧"
    )
