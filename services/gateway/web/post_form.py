"""The forms of posts: the post itself, who took it, and who left it."""

from services.gateway.web.contact_values import Body, field_finder, required, text
from services.gateway.web.forms import Form
from services.gateway.web.plan_form import label_body
from services.gateway.web.ports import View

FIELDS = {
    "/name": "name", "/organisation_id": "organisation", "/place_id": "place", "/area": "area",
    "/note": "note", "/label": "level", "/person_id": "person", "/since": "since", "/until": "until",
    "/reason": "reason",
}  # fmt: skip
post_field = field_finder(FIELDS)


def post_body(form: Form, ids: dict[str, str | None], lang: str, view: View | None = None) -> Body:
    """`ids`: of the organisation and the place, where the form names them."""
    required(form, "name")
    known = view or {}
    return {
        "name": text(form, "name", lang, known.get("name")),
        "note": text(form, "note", lang, known.get("note")),
        "area": form["area"] or None,
        **ids,
        **label_body(form),
    }


def take_body(form: Form, person_id: str | None) -> Body:
    required(form, "person", "since")
    return {"person_id": person_id, "since": form["since"], "acting": form["acting"] == "yes"}


def leave_body(form: Form, lang: str) -> Body:
    required(form, "person", "until")
    body: Body = {"person_id": form["person"], "until": form["until"]}
    return body | ({"reason": text(form, "reason", lang)} if form["reason"] else {})
