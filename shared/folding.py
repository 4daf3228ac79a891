"""Names as they are compared: compatibility forms, case and spaces do not matter."""

import unicodedata


def folded(name: str) -> str:
    """NFKC, case-folded, single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
