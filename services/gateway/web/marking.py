"""Marks a text for translation where it stands; it is translated when it is shown."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    return text
