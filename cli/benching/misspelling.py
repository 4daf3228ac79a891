"""One random slip of the keyboard: a letter too many, too few, a wrong one, or two changed over."""

from random import Random
from string import ascii_lowercase

KINDS = ("insert", "delete", "substitute", "transpose")


def misspelt(name: str, kind: str, random: Random) -> str:
    """`name` with one edit of this kind, always different from it."""
    while True:
        edited = _edited(name, kind, random)
        if edited != name and edited.strip():
            return edited


def _edited(name: str, kind: str, random: Random) -> str:
    letter = random.choice(ascii_lowercase)
    at = random.randrange(len(name) - (kind == "transpose"))
    match kind:
        case "insert":
            return name[:at] + letter + name[at:]
        case "delete":
            return name[:at] + name[at + 1 :]
        case "substitute":
            return name[:at] + letter + name[at + 1 :]
        case _:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
