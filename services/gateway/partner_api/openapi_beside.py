"""The document's paths beside the kinds: records of all kinds, the feed, tokens."""

from services.gateway.access.assertions import LENGTH_LIMIT, TYPE
from services.gateway.access.jwks import ALGORITHMS
from services.gateway.explaining.schemas import (
    AccessShown,
    ExtractPreviewShown,
    PreviewExtract,
    PreviewRelease,
    PreviewShown,
)
from services.gateway.partner_api.openapi_parameters import header, path, query
from services.gateway.partner_api.openapi_parts import Json, answer, body, problems, ref
from services.gateway.partner_api.queries import FILTERS
from services.gateway.partner_api.schemas import (
    Changes,
    FeatureCollection,
    Page,
    Parts,
    Suggestions,
    Token,
)
from services.gateway.partner_api.schemas_extracts import ExtractsShown
from services.gateway.partner_api.schemas_heads import Heads
from services.gateway.partner_api.schemas_parts import RecordView
from services.gateway.partner_api.schemas_removals import RemovalAnswer
from services.gateway.reads.schemas import ReadsShown

LIST = ("fields", "page_size", "cursor", "count", "at_least")
FEW: Json = {
    "name": "limit",
    "in": "query",
    "description": "",
    "schema": {"type": "integer", "minimum": 1, "maximum": 10, "default": 10},
}
_EXTRACTS = """An extract is a record of its own, made with `extract_of`: edited, for more people. That it is
one, and of what, is told only to who reads the source; his lists and figures hold the source alone.
What its originator controls, and what is guarded by its label and would be shown to more people, needs
`request_extract` and its approval first. What is made of a controlled record stays under that control."""
MAPPED = tuple(sorted(FILTERS - {"sort"}))


def beside_paths() -> Json:
    return _attending() | _records() | _extracts() | _feed() | _heads() | _tokens()


def _attending() -> Json:
    base, what = "/v1/engagements", ("place_id", "series", "party", "limit")
    return {
        f"{base}/suggested_attendees": {
            "get": _read("suggested_attendees", "Whom to invite", ref(Parts), "404", "engagements")
            | {"parameters": query(*what)}
        },
        f"{base}/overlaps": {
            "get": _read("overlaps", "Who else meets the same", ref(Parts), "404", "engagements")
            | {
                "parameters": query(
                    "parties", "starts_at", "ends_at", "besides", required=("starts_at",)
                )
            }
        },
    }


def _records() -> Json:
    record = path("id", "A record id.")
    return {
        "/v1/records": {
            "get": _read("records_list", "Records of all kinds", ref(Page), "404")
            | {"parameters": query("kind", *sorted(FILTERS), *LIST)}
        },
        "/v1/records/map": {
            "get": _read("records_map", "Records on a map", ref(FeatureCollection), "404")
            | {"parameters": query("kind", *MAPPED, "zoom", "at_least")}
            | {"responses": _mapped()}
        },
        "/v1/records/suggest": {
            "get": _read("records_suggest", "Who or what goes by a name", ref(Suggestions), "404")
            | {"parameters": [*query("q", "kind"), FEW]}
        },
        "/v1/records/{id}": {
            "get": _read("records_read", "One record of any kind", ref(RecordView))
            | {
                "parameters": [
                    record,
                    *query("fields", "as_of", "at_least"),
                    header("If-None-Match"),
                ]
            }
        },
        "/v1/records/{id}/history": {
            "get": _read("records_history", "What happened to it", ref(Parts))
            | {"parameters": [record, *query("as_of", "at_least")]}
        },
        "/v1/records/{id}/edges": {
            "get": _read("records_edges", "What it is tied to", ref(Parts))
            | {"parameters": [record, *query("as_of", "at_least")]}
        },
        "/v1/records/{id}/reads": {
            "get": _read("records_reads", "Who has seen it, for its owner", ref(ReadsShown))
            | {"parameters": [record, *query("page_size", "cursor")]}
            | {
                "responses": {"200": answer("The latest first.", ref(ReadsShown))}
                | problems("400", "401", "403", "404", "503")
            }
        },
        "/v1/records/{id}/access": {"get": explained("records") | {"parameters": [record]}},
        "/v1/records/{id}/release_preview": {"post": _previewed() | {"parameters": [record]}},
        "/v1/records/{id}/removal": {
            "get": _read("records_removal", "How far its removal has come", ref(RemovalAnswer))
            | {"parameters": [record, *query("at_least")]}
        },
    }


def _extracts() -> Json:
    found = _read("records_extracts", "What was made of it, and of what", ref(ExtractsShown))
    parameters = [path("id", "A record id."), *query("as_of", "at_least")]
    told = found | {"parameters": parameters, "description": _EXTRACTS}
    preview = _foretold() | {"parameters": [path("id", "A record id.")]}
    return {
        "/v1/records/{id}/extracts": {"get": told},
        "/v1/records/{id}/extract_preview": {"post": preview},
    }


def explained(plural: str) -> Json:
    read = _read(f"{plural}_access", "Why you see it and, if you own it, who may", ref(AccessShown))
    return read | {"tags": [plural]}


def _previewed() -> Json:
    words = """For the owner of a record: what somebody of an audience would get of it under other labels,
by the rule of every view, before anybody asks for its release. Nothing is written, and of groups that are
withheld from you nothing is told."""
    told = {"200": answer("What they would get.", ref(PreviewShown))}
    return {
        "operationId": "records_release_preview",
        "tags": ["records"],
        "summary": "What others would get of it, were it released",
        "description": words,
        "requestBody": body(PreviewRelease),
        "responses": told | problems("400", "401", "403", "404", "413", "422", "503"),
    }


def _foretold() -> Json:
    words = """For the owner of a record: what somebody of an audience would get of an extract of it, and what
stays behind, before it is made or asked for. Every rule runs as if it were made; where only an approval is
missing, `needs` says so. Nothing is written, and no id is given."""
    told = {"200": answer("What they would get.", ref(ExtractPreviewShown))}
    return {
        "operationId": "records_extract_preview",
        "tags": ["records"],
        "summary": "What others would get of an extract, were it made",
        "description": words,
        "requestBody": body(PreviewExtract),
        "responses": told | problems("400", "401", "403", "404", "409", "413", "422", "503"),
    }


def _mapped() -> Json:
    drawn = answer("GeoJSON.", ref(FeatureCollection), "application/geo+json")
    return {"200": drawn} | problems("400", "401", "503")


def _feed() -> Json:
    stream = answer("Server-Sent Events.", {"type": "string"}, "text/event-stream")
    words = """CloudEvents 1.0 of changes of your view, each with a cursor as its `id`. The first message
has a cursor only: from there on nothing is missed. `revoked`: you may no longer see the record. `reset`: read
the lists again. The stream ends when your token does: come back with Last-Event-ID."""
    return {
        "/v1/events": {
            "get": {
                "operationId": "events",
                "tags": ["feed"],
                "summary": "Changes as they happen",
                "description": words,
                "parameters": [*query("since", "include"), header("Last-Event-ID")],
                "responses": {"200": stream} | problems("400", "401", "503"),
            }
        },
        "/v1/changes": {
            "get": _read("changes", "Changes since a cursor", ref(Changes), "404", tag="feed")
            | {"parameters": query("since", "include", "page_size")}
        },
    }


def _heads() -> Json:
    since: Json = {
        "name": "since",
        "in": "query",
        "description": "Those signed after this moment, oldest first, at most 1,000 of each service.",
        "schema": {"type": "string", "format": "date-time"},
    }
    words = "The latest signed head of each service, for witnesses: keep them, and verify a log by them."
    return {
        "/v1/heads": {
            "get": _read("heads", "Signed heads of the chains", ref(Heads), "404", tag="witness")
            | {"description": words, "parameters": [since]}
            | {
                "responses": {"200": answer("Found.", ref(Heads))}
                | problems("400", "401", "403", "503")
            }
        }
    }


def _tokens() -> Json:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
            "client_assertion_type": {"type": "string"},
            "client_assertion": {"type": "string", "maxLength": LENGTH_LIMIT},
        },
    }
    words = f"""A client proves itself in one of three ways: HTTP Basic; `client_id` and `client_secret`; or a
`client_assertion` of the type `{TYPE}`, a JWT that it signs by a key
registered for it (RFC 7523). Its `iss` and `sub` are the client's id, its `aud` the issuer or this address,
its `exp` at most five minutes away, its `jti` new. Algorithms: {", ".join(ALGORITHMS)}; each key has one."""
    error: Json = {
        "type": "object",
        "properties": {"error": {"type": "string"}},
        "examples": [{"error": "invalid_client"}],
    }
    media = "application/x-www-form-urlencoded"
    return {
        "/oauth/token": {
            "post": {
                "operationId": "token",
                "tags": ["tokens"],
                "summary": "An access token for ten minutes (RFC 6749, 4.4)",
                "description": words,
                "security": [],
                "requestBody": {"required": True, "content": {media: {"schema": form}}},
                "responses": {
                    "200": answer("The token.", ref(Token)),
                    "400": answer("RFC 6749, 5.2.", error),
                    "401": answer("No such client, or it did not prove itself.", error),
                }
                | problems("429"),
            }
        }
    }


def _read(name: str, summary: str, schema: Json, without: str = "", tag: str = "records") -> Json:
    statuses = [status for status in ("400", "401", "404", "503") if status != without]
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "responses": {"200": answer("Found.", schema)} | problems(*statuses),
    }
