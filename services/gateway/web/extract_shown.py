"""What an extract would tell whom, and what stays behind: before it is made or asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.fields_told import Field, fields_by_group, ids_in, left_behind, said_otherwise
from services.gateway.web.names import names_for
from services.gateway.web.page import Page
from services.gateway.web.ports import View
from services.gateway.web.release_form import ORGANISATION

Somebody = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What all of `who` would get alike, each an audience and the caveats held. `view` None: nothing."""

    who: Sequence[Somebody]
    view: View | None
    fields: Mapping[str, Sequence[Field]]
    kept_back: Sequence[str]
    readable: Mapping[str, View]


async def foreseen(
    page: Page, source: View, to_be: View
) -> Mapping[str, Any]:  # Any: for a template
    """`to_be`: as the gateway foretells it. Raises AppError."""
    view = to_be["view"]
    names = await names_for(page, [dict(view)], ids_in(view))
    found = await page.dashboard.oversight.read_by(view, [*names.values()], [*_somebodies(view)])
    return {
        "readings": [_reading(one, view, names) for one in found["readings"]],
        "label": view["label"],
        "left": left_behind(source, view),
        "otherwise": said_otherwise(source, view),
        "readers": found["readers"],
        "needs": to_be["needs"],
        "names": names,
    }


def _somebodies(view: View) -> Iterator[Somebody]:
    """Of its owner and of every audience, who holds no caveat, and who holds those it asks for."""
    labels = [view["label"], *view["group_labels"].values()]
    asked = dict.fromkeys(caveat for label in labels for caveat in label.get("caveats") or ())
    clauses = (clause for label in labels for clause in label["releasable_to"])
    audiences = [f"{ORGANISATION}{view['owner']}", *(word for clause in clauses for word in clause)]
    for audience in dict.fromkeys(audiences):
        yield audience, ()
        if asked:
            yield audience, tuple(asked)


def _reading(found: View, view: View, names: Mapping[str, View]) -> Reading:
    theirs = found["view"]
    told_of = theirs["group_labels"] if theirs else ()
    return Reading(
        who=found["who"],
        view=theirs,
        fields={g: ones for g, ones in fields_by_group(theirs).items() if ones} if theirs else {},
        kept_back=[g for g in view["group_labels"] if theirs and g not in told_of and view.get(g)],
        readable={id_: names[id_] for id_ in found["named"] if id_ in names},
    )
