"""Organisations from a table or from a JSON object keyed by the file's own ids.

Kinds: only what a file says outright becomes a kind; all else stays `unknown` for a person to decide.
That somebody works locally or abroad (`scope`) says nothing about what he is.
"""

from collections.abc import Mapping
from typing import Any

from shared.contracts.contacts import OrganisationKind
from shared.importing.columns import Mapped, map_columns, plain, split_names
from shared.importing.identifying import checked
from shared.importing.plan import Item, Json, Plan, Remark, Wishes
from shared.importing.tables import Row, Table

# Longer than this a "synonym" is a description of the organisation, not a name of it.
SYNONYM_LIMIT = 120
KEYED_SYSTEM = "iati-org-map"

# What files call a kind -> the kind. The first block: organisation types of IATI's code list
# ("Government", "Foundation", "Academic ..." and the like fit none of ours: unknown).
KINDS: Mapping[str, OrganisationKind] = {
    "internationalngo": OrganisationKind.NGO,
    "nationalngo": OrganisationKind.NGO,
    "regionalngo": OrganisationKind.NGO,
    "multilateral": OrganisationKind.INTERNATIONAL_ORGANISATION,
    "privatesector": OrganisationKind.PRIVATE,
    "ngo": OrganisationKind.NGO,
    "ong": OrganisationKind.NGO,
    "ingo": OrganisationKind.NGO,
    "nngo": OrganisationKind.NGO,
    "un": OrganisationKind.UN_AGENCY,
    "unagency": OrganisationKind.UN_AGENCY,
} | {plain(kind): kind for kind in OrganisationKind}

_HEADERS = {
    "name": ("name", "organisation", "organization", "organizacion", "nombre", "nom", "orgname"),
    "short_name": ("shortname", "acronym", "abbreviation", "siglas", "sigle"),
    "aliases": ("aliases", "alias", "synonyms", "synonymes", "sinonimos", "othernames"),
    "kind": ("kind", "type", "orgtype", "organisationtype", "organizationtype", "tipo"),
    "note": ("note", "notes", "comment", "remarks", "notas", "observaciones", "remarques"),
    "skip": ("skip", "retired"),
}
_TAGS = {
    "name": (("#org", frozenset({"name"})), ("#org", frozenset())),
    "short_name": (("#org", frozenset({"acronym"})), ("#org", frozenset({"short"}))),
    "aliases": (("#org", frozenset({"alt"})),),
    "kind": (("#org", frozenset({"type"})),),
}
_TRUE = frozenset({"true", "yes", "1", "si", "oui"})


def organisations_of_table(table: Table, wishes: Wishes, system: str) -> Plan:
    mapped = organisation_columns(table, wishes)
    items = [organisation_of(mapped, row) for row in table.rows]
    kept, remarks = checked(items)
    return Plan("organisations", wishes.system or system, mapped.lines(), kept, remarks)


def organisation_columns(table: Table, wishes: Wishes) -> Mapped:
    return map_columns(table, _HEADERS, _TAGS, wishes)


def organisations_of_object(entries: Mapping[str, Any], wishes: Wishes) -> Plan:  # Any: parsed JSON
    """`{"<id>": {"name", "shortname", "synonyms", ...}}`: the id is the key, byte for byte."""
    found = [_of_entry(key, entry, n, wishes) for n, (key, entry) in enumerate(entries.items(), 1)]
    kept, remarks = checked(item for item, _ in found)
    described = [remark for _, remark in found if remark]
    mapping = (
        "identity     from the object's keys, byte for byte",
        "name         from name, else the key",
        "short_name   from shortname, where it differs from the name",
        f"aliases      from synonyms; one longer than {SYNONYM_LIMIT} characters goes into the note",
        "kind         from iati / codeforiati:organisation-type, else unknown",
        "note         from note, notes, comment, url, iati_id",
        "retired      from skip",
    )
    system = wishes.system or KEYED_SYSTEM
    return Plan("organisations", system, mapping, kept, (*remarks, *described))


def kind_of(said: str) -> OrganisationKind:
    return KINDS.get(plain(said), OrganisationKind.UNKNOWN)


def organisation_of(mapped: Mapped, row: Row) -> Item:
    language = mapped.language("name")
    name = mapped.get(row, "name")
    body: Json = {"name": _name(name, language), "organisation_kind": "unknown"}
    body["organisation_kind"] = kind_of(mapped.get(row, "kind"))
    if short := mapped.get(row, "short_name"):
        body["short_name"] = _name(short, language)
    body["aliases"] = [_name(alias, language) for alias in split_names(mapped.get(row, "aliases"))]
    if note := mapped.get(row, "note"):
        body["note"] = note
    if plain(mapped.get(row, "skip")) in _TRUE:
        body["retired"] = True
    return Item(mapped.key(row), f"line {row.line}", body)


def _of_entry(
    key: str, entry: Any, number: int, wishes: Wishes
) -> tuple[Item, Remark | None]:  # Any: parsed JSON
    said = entry if isinstance(entry, dict) else {}
    name = str(said.get("name") or key).strip()
    synonyms = dict.fromkeys(s.strip() for s in said.get("synonyms", ()) if isinstance(s, str))
    names = [s for s in synonyms if s and s != name and len(s) <= SYNONYM_LIMIT]
    prose = [s for s in synonyms if len(s) > SYNONYM_LIMIT]
    body: Json = {
        "name": _name(name),
        "organisation_kind": kind_of(_iati_type(said)),
        "aliases": [_name(each) for each in names],
    }
    short = str(said.get("shortname") or "").strip()
    if short and short != name:
        body["short_name"] = _name(short)
    if note := _note(said, prose):
        body["note"] = {"text": note, "lang": wishes.language}
    if said.get("skip"):
        body["retired"] = True
    row = f"entry {number}"
    moved = "Too long for a name, now in the note: " + "; ".join(f"{p[:60]}..." for p in prose)
    return Item(key, row, body), Remark("note", row, key, moved, "synonyms") if prose else None


def _iati_type(said: Mapping[str, Any]) -> str:  # Any: parsed JSON
    iati = said.get("iati")
    return str(iati.get("codeforiati:organisation-type", "")) if isinstance(iati, dict) else ""


def _note(said: Mapping[str, Any], prose: list[str]) -> str:  # Any: parsed JSON
    words = [str(said[field]) for field in ("note", "notes", "comment") if said.get(field)]
    if said.get("url"):
        words.append(str(said["url"]))
    if said.get("iati_id"):
        words.append(f"IATI organisation identifier: {said['iati_id']}")
    return "\n\n".join([*words, *prose])


def _name(text: str, language: str | None = None) -> Json:
    return {"text": text, "lang": language} if language else {"text": text}
