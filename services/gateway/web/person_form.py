"""The form of a new person: what they are first, the name if it is known, the rest folded."""

from services.gateway.web.contact_values import Body, field_finder, name, required, spoken, text
from services.gateway.web.forms import Form
from services.gateway.web.plan_form import label_body

FIELDS = {
    "/described_as": "described_as", "/note": "note", "/identity/name": "name",
    "/identity/aliases": "alias", "/identity/form_of_address": "form_of_address",
    "/identity": "name", "/languages": "language", "/ties": "organisation",
    "/protocol": "protocol_note", "/private/contact_details": "contact", "/private": "private_note",
    "/label": "level",
}  # fmt: skip
person_field = field_finder(FIELDS)


def person_body(form: Form, organisation_id: str | None, lang: str) -> Body:
    """Adds its own errors to the form."""
    required(form, "described_as")
    for part in ("alias", "form_of_address"):
        if form[part]:
            required(form, "name")
    body: Body = {"described_as": text(form, "described_as", lang), **label_body(form)}
    if form["note"]:
        body["note"] = text(form, "note", lang)
    if form["language"]:
        body["languages"] = [spoken(form)]
    if organisation_id:
        body["ties"] = [{"organisation_id": organisation_id, "tie": form["tie"] or "member"}]
    return body | _groups(form, lang)


def _groups(form: Form, lang: str) -> Body:
    groups: Body = {}
    if form["name"]:
        groups["identity"] = _identity(form, lang)
    if form["protocol_note"]:
        topic = form["topic"] or "other"
        groups["protocol"] = [{"topic": topic, "text": text(form, "protocol_note", lang)}]
    private: Body = {}
    if form["contact"]:
        detail = {"means": form["means"] or "mobile", "value": form["contact"]}
        private["contact_details"] = [detail]
    if form["private_note"]:
        private["private_note"] = text(form, "private_note", lang)
    return groups | ({"private": private} if private else {})


def _identity(form: Form, lang: str) -> Body:
    found: Body = {"name": name(form, "name")}
    if form["alias"]:
        found["aliases"] = [alias(form)]
    if form["form_of_address"]:
        found["form_of_address"] = text(form, "form_of_address", lang)
    return found


def alias(form: Form) -> Body:
    """Another name, and its Latin spelling when it is in another script."""
    told: Body = {"name": name(form, "alias"), "alias_kind": form["alias_kind"] or "other_name"}
    return told | ({"transliteration": form["latin"]} if form["latin"] else {})
