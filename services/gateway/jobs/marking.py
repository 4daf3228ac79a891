"""How a file is marked: the highest of all it contains, in words and as a label. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.web.labels_shown import ORGANISATION, OWNER, Banner, Mark, Wire
from shared.policy import Policy

OWNER_ONLY = ((OWNER,),)


@dataclass(frozen=True, slots=True)
class Marking:
    """`words`: as on a page's banner. `level`: its id, for the file's name. `wire`: None of an empty file.

    `left_out`: how many records its reader may see, but not take along.
    """

    words: str
    level: str
    wire: Mapping[str, Any] | None  # Any: a label on the wire
    left_out: int = 0


def portions(view: Mapping[str, Any]) -> Iterable[Wire]:  # Any: JSON of a view
    """Labels of all that is shown of it."""
    return (view["label"], *view.get("group_labels", {}).values())


def marking_of(banner: Banner, left_out: int) -> Marking:
    """Of all that was counted into it."""
    words = spoken(banner.policy, banner.mark)
    return Marking(words, banner.mark.level.id, banner.wire, left_out)


def says(policy: Policy, wire: Wire) -> str:
    """One label in words."""
    banner = Banner(policy)
    banner.seen(wire)
    return spoken(policy, banner.mark)


def spoken(policy: Policy, mark: Mark) -> str:
    caveats = [caveat.replace("_", " ") for caveat in mark.caveats]
    return " // ".join([mark.level.name.upper(), _audience(policy, mark), *caveats])


def _audience(policy: Policy, mark: Mark) -> str:
    if mark.audiences == OWNER_ONLY:
        return "OWNER ONLY"
    told = [" or ".join(_named(policy, word) for word in clause) for clause in mark.audiences]
    return f"RELEASABLE TO: {' and '.join(told) or 'everybody'}"


def _named(policy: Policy, word: str) -> str:
    return word if word.startswith(ORGANISATION) else policy.communities.get(word, word)
