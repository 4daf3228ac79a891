"""People from a table or from JSON: who it is and how to reach somebody go into their own field groups."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.importing.columns import Mapped, map_columns, plain, split_names
from shared.importing.identifying import checked
from shared.importing.plan import Item, Json, Plan, Wishes
from shared.importing.tables import Row, Table, json_table

# What somebody is when the file does not say.
NOT_DESCRIBED = "Not described yet"

_HEADERS = {
    "id": ("id", "uid", "externalid", "identifiant", "identificador"),
    "name": ("name", "fullname", "displayname", "personname", "nom", "nomcomplet", "nombre"),
    "aliases": ("aliases", "alias", "nickname", "nicknames", "othernames", "autresnoms"),
    "form_of_address": ("formofaddress", "honorific", "salutation", "civilite", "tratamiento"),
    "described_as": ("describedas", "title", "jobtitle", "role", "function", "position", "fonction", "cargo"),
    "organisation": ("organisation", "organization", "org", "company", "organizacion", "societe"),
    "mobile": ("mobile", "mobilephone", "cell", "cellphone", "portable", "movil"),
    "telephone": ("telephone", "phone", "tel", "phonenumber", "telefono"),
    "satellite_phone": ("satellitephone", "satphone", "thuraya", "satellite"),
    "radio": ("radio", "callsign", "indicatif"),
    "email": ("email", "mail", "emailaddress", "courriel", "correo"),
    "address": ("address", "adresse", "direccion"),
    "note": ("note", "notes", "comment", "remarks", "notas", "remarques"),
    "private_note": ("privatenote", "privatenotes", "confidentialnote"),
    "skip": ("skip", "retired"),
}  # fmt: skip
_MEANS = ("mobile", "telephone", "satellite_phone", "radio", "email", "address")
_TRUE = frozenset({"true", "yes", "1", "si", "oui"})


def people_of_table(table: Table, wishes: Wishes, system: str) -> Plan:
    mapped = people_columns(table, wishes)
    kept, remarks = checked(person_of(mapped, row, wishes.language) for row in table.rows)
    return Plan("people", wishes.system or system, mapped.lines(), kept, remarks)


def people_columns(table: Table, wishes: Wishes) -> Mapped:
    mapped = map_columns(table, _HEADERS, {}, wishes)
    if mapped.id_column is None and "id" in mapped.fields:
        return replace(mapped, id_column=mapped.fields["id"])
    return mapped


def people_of_object(entries: Mapping[str, Any], wishes: Wishes, system: str) -> Plan:  # Any: JSON
    """`{"<id>": {"name", ...}}`: the id is the key, byte for byte."""
    said = [(key, one if isinstance(one, dict) else {}) for key, one in entries.items()]
    table = json_table([{**one, "id": key} for key, one in said])
    return people_of_table(table, replace(wishes, id_column="id"), system)


def person_of(mapped: Mapped, row: Row, language: str) -> Item:
    def text(field: str) -> Json | None:
        said = mapped.get(row, field)
        return {"text": said, "lang": language} if said else None

    details = [
        {"means": means, "value": value}
        for means in _MEANS
        for value in split_names(mapped.get(row, means))
    ]
    aliases = [{"name": {"text": name}} for name in split_names(mapped.get(row, "aliases"))]
    identity: Json = {"name": {"text": mapped.get(row, "name")}, "aliases": aliases}
    identity["form_of_address"] = text("form_of_address")
    body = body_of(text("described_as"), identity, details, text("private_note"))
    body["note"] = text("note")
    if plain(mapped.get(row, "skip")) in _TRUE:
        body["retired"] = True
    organisation = mapped.get(row, "organisation")
    return Item(mapped.key(row), f"line {row.line}", body, organisation=organisation)


def body_of(
    described_as: Json | None, identity: Json, details: list[Json], private_note: Json | None
) -> Json:
    """What is put; private details only where there are any, for not everybody may write them."""
    body: Json = {
        "described_as": described_as or {"text": NOT_DESCRIBED, "lang": "en"},
        "identity": identity,
    }
    if details or private_note:
        body["private"] = {"contact_details": details, "private_note": private_note}
    return body
