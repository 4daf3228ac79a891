"""What a debrief is offered while it is written: who may have been there, and the label it will carry."""

from collections.abc import Iterable, Mapping

from services.gateway.web.called import called
from services.gateway.web.choosing import ids_called
from services.gateway.web.debrief_form import WHO_ROWS, Present
from services.gateway.web.forms import Form
from services.gateway.web.labels_shown import Banner, Mark
from services.gateway.web.names import names_for
from services.gateway.web.page import Page, View
from shared.contracts.event import Group
from shared.errors import AppError
from shared.ids import Kind
from shared.labels import EVERYONE

CHIPS = 6
ATTENDEES = "person,organisation"
EVERYBODY = EVERYONE.removeprefix("community:")


async def suggested(page: Page, place_id: str) -> list[View]:
    """People and organisations met of late, there or elsewhere; none when reporting cannot say."""
    params = {"limit": str(CHIPS)} | ({"place_id": place_id} if place_id else {})
    try:
        return list((await page.get("/engagements/suggested", params))["items"])
    except AppError:
        return []


async def present_of(page: Page, form: Form) -> list[Present]:
    """The rows, the chips ticked, and our own organisation where it has a record. An exact name finds one."""
    own = str(page.session.principal.organisation)
    rows = [row for row in range(WHO_ROWS) if form[f"who_{row}"]]
    typed = [form[f"who_{row}"] for row in rows if not form[f"whoid_{row}"]]
    known = await ids_called(page, typed, ATTENDEES)
    found = []
    for row in rows:
        name = form[f"who_{row}"]
        id_ = form[f"whoid_{row}"] or known.get(name)
        found.append(Present(form[f"side_{row}"] or "counterpart", name, id_, row))
    ticked = form.many.get("attending", ())
    names = await names_for(page, [], [*ticked, own])
    chips = [
        Present("counterpart", str(called(names[id_])["text"]), id_)
        for id_ in ticked
        if id_ in names
    ]
    return _once([*found, *chips, *([Present("ours", "", own)] if own in names else [])])


async def present_at(page: Page, view: View) -> list[Present]:
    """Who is named on a planned engagement."""
    people = {one["person_id"]: one for one in (view.get("identity") or {}).get("people") or ()}
    names = await names_for(page, [view])
    return [
        Present(one["side"], _name(id_, names, people), str(id_))
        for one in view.get("participants") or ()
        if (id_ := one.get("organisation_id") or one.get("person_id"))
    ]


async def proposed_label(page: Page, ids: Iterable[str]) -> View | None:
    """The mission's default, narrowed to what everybody and everything named is labelled."""
    default = page.dashboard.policy.defaults[Kind.ENGAGEMENT][Group.BASE]
    total = Banner(page.dashboard.policy)
    total.seen(default.model_dump(mode="json"))
    for view in (await names_for(page, [], ids)).values():
        total.seen(view["label"])
    wire = total.wire or {}
    limits = [clause for clause in wire["releasable_to"] if clause != [EVERYBODY]]
    return {**wire, "releasable_to": limits or wire["releasable_to"]}


def shown(page: Page, wire: View) -> Mark | None:
    return Banner(page.dashboard.policy).seen(wire)


def is_default(page: Page, wire: View) -> bool:
    default = page.dashboard.policy.defaults[Kind.ENGAGEMENT][Group.BASE]
    plain = Banner(page.dashboard.policy)
    plain.seen(default.model_dump(mode="json"))
    return plain.wire == wire


def _name(id_: str, names: Mapping[str, View], people: Mapping[str, View]) -> str:
    """Empty for somebody whose name this reader may not know."""
    found = called(names[id_]) if id_ in names else people.get(id_, {}).get("name") or {}
    return str(found.get("text") or "")


def _once(present: list[Present]) -> list[Present]:
    """Each record once, where it was named first."""
    ids = [one.id for one in present]
    return [one for at, one in enumerate(present) if one.id is None or ids.index(one.id) == at]
