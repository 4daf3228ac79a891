"""The mission's labels in the words of others. Pure."""

from dataclasses import dataclass
from datetime import datetime

from shared.ids import RecordId
from shared.labels import Label
from shared.markings import Markings
from shared.policy import Policy
from shared.stanag4774 import Category, CategoryType, Confidentiality, written

AUDIENCE, HANDLING = "Releasable to", "Handling"
COMMUNITY = "community:"


@dataclass(frozen=True, slots=True)
class Dates:
    """When the label was given, and when it is to be looked at again."""

    created: datetime
    review: datetime


def in_xml(policy: Policy, value: Label, dates: Dates) -> str:
    """The label in STANAG 4774, in the mission's own policy.

    The owner, whom our labels let in unsaid, is named in every audience: elsewhere nobody adds it, and
    without any audience a label would be for all who reach its level.
    """
    audiences = sorted(sorted(_spoken(atom) for atom in clause) for clause in value.clauses)
    categories = [
        Category(
            CategoryType.PERMISSIVE,
            f"{AUDIENCE} {number}" if number > 1 else AUDIENCE,
            tuple(words),
        )
        for number, words in enumerate(audiences, 1)
    ]
    if value.caveats:
        held = tuple(sorted(value.caveats))
        categories.append(Category(CategoryType.RESTRICTIVE, HANDLING, held))
    level = policy.level(dict(value.levels).get(policy.id, 0))
    told = Confidentiality(policy.id.upper(), level.name.upper(), tuple(categories))
    return written(told, dates.created, dates.review)


def in_markings(
    policy: Policy, other: Markings, value: Label, owner: RecordId, dates: Dates
) -> tuple[str, str] | None:
    """The marking that says enough in the other policy, and its STANAG 4774; None when none does."""
    word = other.says(policy, value, owner)
    if word is None:
        return None
    told = Confidentiality(other.identifier, word, ())
    return word, written(told, dates.created, dates.review, alternative=True)


def _spoken(atom: str) -> str:
    return atom.removeprefix(COMMUNITY)
