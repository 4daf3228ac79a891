"""Parameters and headers of the OpenAPI document, each described as narrowly as a schema can."""

from typing import Any

from shared.ids import PATTERN, Kind

Json = dict[str, Any]  # Any: a piece of an OpenAPI document
_KIND, _DEGREES = f"({'|'.join(Kind)})", r"-?[0-9]{1,3}(\.[0-9]{1,9})?"
ANY: Json = {"type": "string"}
# As queries.py takes it: never empty, and without NUL.
FILLED: Json = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]+$"}
KINDS_LISTED: Json = {"type": "string", "pattern": f"^{_KIND}(,{_KIND})*$"}
RECORD_ID: Json = {"type": "string", "pattern": PATTERN}
MOMENT: Json = {"type": "string", "format": "date-time"}
DAY_OR_MOMENT: Json = {"anyOf": [{"type": "string", "format": "date"}, MOMENT]}
BOX: Json = {"type": "string", "pattern": f"^{_DEGREES},{_DEGREES},{_DEGREES},{_DEGREES}$"}
SORTS = "^-?(starts_at|recorded_at|updated_at|title|relevance)$"
# Printable ASCII that begins and ends with a visible character: HTTP drops spaces around a value.
KEY: Json = {"type": "string", "pattern": "^[!-~]([ -~]*[!-~])?$", "maxLength": 200}
# Of shared/values.py: an external id's system.
SYSTEM: Json = {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,63}$"}
PARAMETERS: dict[str, tuple[str, Json]] = {
    "kind": ("Kinds, separated by commas.", KINDS_LISTED),
    "status": (
        "Statuses, separated by commas; `open` for all that are not over.",
        FILLED,
    ),
    "type": ("Engagement types, separated by commas.", FILLED),
    "organisation_kind": ("Kind of organisation.", FILLED),
    "area": ("P-code of an area; what lies inside counts.", FILLED),
    "party": (
        "Id of an organisation, person or post it refers to, or of one merged into it.",
        RECORD_ID,
    ),
    "owner": ("Id of the organisation that owns the record.", RECORD_ID),
    "from": ("Earliest day or moment.", DAY_OR_MOMENT),
    "to": ("Latest day, that day included, or moment, that moment excluded.", DAY_OR_MOMENT),
    "bbox": ("west,south,east,north in degrees.", BOX),
    "q": (
        "Words to search for in what you may read, or a name under any spelling.",
        FILLED,
    ),
    "sort": (
        "starts_at, recorded_at, updated_at or title; with `-` in front, descending. `relevance`: best"
        " first; so it is when `q` is given and nothing is said here.",
        {"type": "string", "pattern": SORTS, "default": "-recorded_at"},
    ),
    "as_of": (
        "As it was known at this moment, to whoever could read it then and can now.",
        MOMENT,
    ),
    "placed": ("Whether the place is known to the gazetteer.", {"type": "boolean"}),
    "dated": ("Whether it has a time: a start, or when it is due.", {"type": "boolean"}),
    "release_waits": (
        "Whether a release waits for a second person; your own organisation's records only.",
        {"type": "boolean"},
    ),
    "removal_waits": (
        "Whether a removal waits for a second person; your own organisation's records only.",
        {"type": "boolean"},
    ),
    "source_changed": (
        "Whether it is an extract whose source, which you may read, has changed since it was made or checked;"
        " told to the owner, and to an originator that controls the source.",
        {"type": "boolean"},
    ),
    "review_by": (
        "Records whose label is to be reviewed on this day or was before.",
        {"type": "string", "format": "date"},
    ),
    "overdue": ("Whether it is a commitment that fell overdue.", {"type": "boolean"}),
    "ids": (
        "Record ids, separated by commas; those you may not see are left out.",
        FILLED,
    ),
    "fields": ("Fields to send, separated by commas.", FILLED),
    "page_size": ("", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
    "cursor": ("`next_cursor` of the page before, with the same filters.", FILLED),
    "count": ("Whether to count, up to 10,000.", {"type": "boolean", "default": False}),
    "name": ("What the file is called; a form may say it instead.", FILLED),
    "zoom": ("Web map zoom, for clustering.", {"type": "integer", "minimum": 0, "maximum": 22}),
    "at_least": ("`position` of a write this answer must include.", FILLED),
    "validate_only": ("Run every rule and write nothing.", {"type": "boolean", "default": False}),
    "place_id": ("Id of a place.", FILLED),
    "series": ("What meetings that recur have in common.", FILLED),
    "limit": ("", {"type": "integer", "minimum": 1, "maximum": 50, "default": 8}),
    "parties": (
        "Ids of organisations and people to be met, separated by commas.",
        FILLED,
    ),
    "starts_at": ("When it starts.", MOMENT),
    "ends_at": (
        "When it ends; without it, when it starts.",
        MOMENT,
    ),
    "besides": ("Id of the plan itself, which overlaps with nothing.", FILLED),
    "state": ("How it stands.", {"enum": ["waiting", "delivered", "withdrawn"]}),
    "since": ("A cursor of the feed. Without one: from now.", FILLED),
    "format": (
        "Of the file. `hxl`, CSV with hashtags: organisations and places only.",
        {"enum": ["ndjson", "csv", "hxl"], "default": "ndjson"},
    ),
    "include": ("`record` embeds your view of what changed.", {"enum": ["record"]}),
}
HEADERS: dict[str, tuple[str, bool, Json]] = {
    "Idempotency-Key": ("Your name for this write; repeating it repeats the answer.", True, KEY),
    "If-Match": ("The version you last saw.", False, FILLED),
    "If-None-Match": ("The version you have; 304 when it still stands.", False, ANY),
    "Last-Event-ID": ("Where to resume; goes before `since`.", False, ANY),
    # As text: makers of clients cannot put a `date-time` into a header.
    "Parley-Scenario-Time": (
        "Exercises only, loader only: when it was recorded, as RFC 3339 has it, with a zone.",
        False,
        FILLED,
    ),
}


def query(*names: str, required: tuple[str, ...] = ()) -> list[Json]:
    return [
        {
            "name": name,
            "in": "query",
            "description": PARAMETERS[name][0],
            "schema": PARAMETERS[name][1],
        }
        | ({"required": True} if name in required else {})
        for name in names
    ]


def header(name: str, *, required: bool | None = None) -> Json:
    words, always, schema = HEADERS[name]
    needed = always if required is None else required
    return {
        "name": name,
        "in": "header",
        "description": words,
        "required": needed,
        "schema": schema,
    }


def path(name: str, words: str, schema: Json = FILLED) -> Json:
    return {"name": name, "in": "path", "description": words, "required": True, "schema": schema}
