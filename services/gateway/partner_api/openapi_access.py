"""The document's paths of access administration, from the table in access_api/families.py."""

from services.gateway.access_api.families import FAMILIES, Family
from services.gateway.access_api.orders import Verb
from services.gateway.partner_api.examples.answers_access import CHANGED, ENTITLED, done
from services.gateway.partner_api.openapi_access_filters import access_filters
from services.gateway.partner_api.openapi_parameters import header, path, query
from services.gateway.partner_api.openapi_parts import VALIDATED, Json, answer, body, problems

BASE = "/v1/access"
READ = ("400", "401", "403", "404", "503")
ACT = ("400", "401", "403", "404", "409", "412", "413", "422", "428", "503")
WORDS = "For access administrators. In force on every way in within five seconds, and kept with its reason."
OPEN: Json = {"type": "object"}
DONE: Json = {
    "type": "object",
    "required": ["id", "version", "outcome"],
    "properties": {
        "id": {"type": "string", "description": "Id of the access record."},
        "version": {"type": "string", "description": "Its ETag from now on."},
        "outcome": {"type": "string", "description": "created, amended or unchanged."},
        "credential_id": {"type": "string", "description": "Of a secret or key that was given."},
        "secret": {"type": "string", "description": "A new password or secret. Told here only."},
    },
}


def access_paths() -> Json:
    return {at: told for family in FAMILIES for at, told in _family(family).items()}


def _family(family: Family) -> Json:
    base = f"{BASE}/{family.plural}"
    one = f"{base}/{{id}}"
    listing, shown = access_filters(family.kind), ENTITLED[family.plural]
    verbs = {
        f"{one}/{name}": {"post": _write(family, name, verb)} for name, verb in family.verbs.items()
    }
    return {
        base: {
            "get": _read(family, "list", f"The {family.plural} let in", _page(shown), listing),
            "post": _write(family, "create", family.create),
        },
        one: {"get": _read(family, "read", "One of them", _like(OPEN, shown), [_id()])},
        f"{one}/history": {
            "get": _read(
                family, "history", "Who changed what, when and why", _items(CHANGED), [_id()]
            )
        },
        **verbs,
    }


def _read(family: Family, name: str, summary: str, schema: Json, parameters: list[Json]) -> Json:
    responses = {"200": answer("Found.", schema)} | problems(*READ)
    return _named(family, name, summary) | {"parameters": parameters, "responses": responses}


def _write(family: Family, name: str, verb: Verb) -> Json:
    creating = name == "create"
    places = [] if creating else [_id(), header("If-Match", required=verb.unsafe)]
    told = answer("It is so.", _like(DONE, done(family.plural)))
    would = answer("With validate_only: it would be so.", VALIDATED)
    either = answer(
        "It is so; or it would be.", _like({"anyOf": [DONE, VALIDATED]}, done(family.plural))
    )
    return _named(family, name, verb.summary) | {
        "parameters": [*places, header("Idempotency-Key"), *query("validate_only")],
        "requestBody": body(verb.model),
        "responses": ({"201": told, "200": would} if creating else {"200": either})
        | problems(*ACT),
    }


def _named(family: Family, name: str, summary: str) -> Json:
    return {
        "operationId": f"access_{family.plural}_{name}",
        "tags": ["access"],
        "summary": summary,
        "description": WORDS,
    }


def _like(schema: Json, example: Json) -> Json:
    return schema | {"examples": [example]}


def _page(example: Json) -> Json:
    paging = {
        "next_cursor": {"type": ["string", "null"]},
        "count": {"type": "integer", "description": "How many there are, with `count=true`."},
    }
    told = _items(example)
    told["properties"] |= paging
    return told | {"examples": [{"items": [example], "next_cursor": None}]}


def _items(example: Json) -> Json:
    listed = {"items": {"type": "array", "items": OPEN}}
    told: Json = {"type": "object", "required": ["items"], "properties": listed}
    return _like(told, {"items": [example]})


def _id() -> Json:
    return path("id", "Id of the access record.")
