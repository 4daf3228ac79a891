"""Whom each organisation's engagements are for: the labels of the demo, all of which differ in who reads."""

import random
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Writer:
    """An organisation that writes engagements. `share` is its part of all, relative to the others.

    `labels`: None is the mission's default. `group_labels` hold for whatever it writes.
    """

    organisation: str
    share: int
    labels: tuple[Json | None, ...]
    group_labels: Json
    prepares: bool = False
    has_sources: bool = False
    knows_people: bool = False

    def label(self, chance: random.Random) -> Json:
        """The part of a request that says who may read."""
        label = chance.choice(self.labels)
        return ({"label": label} if label else {}) | (
            {"group_labels": self.group_labels} if self.group_labels else {}
        )


def _for(level: str, *audiences: tuple[str, ...], caveats: tuple[str, ...] = ()) -> Json:
    return {
        "level": level,
        "releasable_to": [list(audience) for audience in audiences],
        "caveats": list(caveats),
    }


def writers() -> tuple[Writer, ...]:
    return (_liaison(), _operations(), _agency(), _forum(), _council())


def _liaison() -> Writer:
    labels = (
        None,
        None,
        _for("confidential", ("mil",)),
        _for("unclassified", ("mil", "mission", "un")),
        _for("unclassified", ("mil", "mission", "un"), caveats=("PROTECTION",)),
        _for("unclassified", ("mil", "mission", "un", "ngo")),
        _for("unclassified", ("mil", "mission", "local")),
        _for("public", ("all",)),
    )
    groups = {"identity": _for("unclassified", ("mil", "mission"), caveats=("PROTECTION",))}
    return Writer(
        "military-component",
        50,
        labels,
        groups,
        prepares=True,
        has_sources=True,
        knows_people=True,
    )


def _operations() -> Writer:
    labels = (
        None,
        _for("strictly_confidential", ("mission",)),
        _for("confidential", ("mission", "mil")),
        _for("unclassified", ("mission", "un")),
        _for("unclassified", ("mission",), ("un", "mil")),
    )
    return Writer("mission-headquarters", 17, labels, {}, prepares=True, knows_people=True)


def _agency() -> Writer:
    labels = (
        _for("unclassified", ("un", "mission")),
        _for("unclassified", ("un", "ngo", "mission")),
        _for("confidential", ("un",), caveats=("PROTECTION",)),
        _for("unclassified", ("all",)),
    )
    return Writer("un-food-agency", 13, labels, {})


def _forum() -> Writer:
    labels = (
        _for("unclassified", ("ngo",)),
        _for("unclassified", ("ngo", "un")),
        _for("public", ("all",)),
    )
    own = _for("unclassified", ("ngo",))
    return Writer("ngo-forum", 10, labels, {"identity": own, "exact_place": own})


def _council() -> Writer:
    labels = (
        _for("unclassified", ("local", "mil")),
        _for("unclassified", ("local", "un", "ngo")),
        _for("public", ("all",)),
    )
    own = _for("unclassified", ("local",))
    return Writer("malakal-town-council", 10, labels, {"identity": own, "exact_place": own})
