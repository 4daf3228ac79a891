"""The API's document is valid, whole, and true of the routes there are."""

import json
import re
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from services.gateway.access.oauth import oauth_routes
from services.gateway.access_api.families import FAMILIES
from services.gateway.access_api.routes import access_routes
from services.gateway.emergency.routes import emergency_routes
from services.gateway.explaining.extract_routes import extract_preview_routes
from services.gateway.explaining.preview_routes import preview_routes
from services.gateway.explaining.routes import explaining_routes
from services.gateway.feed.router import feed_routes
from services.gateway.jobs.routes import job_routes
from services.gateway.jobs.routes_imports import import_routes
from services.gateway.labelling.routes import labelling_routes
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS
from services.gateway.partner_api.openapi import document
from services.gateway.partner_api.router import partner_routes
from services.gateway.reads.routes import read_log_routes
from services.gateway.webhooks.routes import webhook_routes

API = document("http://localhost:1")
UNDOCUMENTED = {"/openapi.json", "/asyncapi.json", "/docs", "/docs/docs.css", "/live"}
WRITES_NOTHING = {
    "/v1/labels/translate",
    "/v1/records/{id}/release_preview",
    "/v1/records/{id}/extract_preview",
}
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"}


def routed() -> set[tuple[str, str]]:
    """Every method and path that is answered, generic segments spelled out from the table."""
    routes = [*partner_routes(), *feed_routes(), *oauth_routes(), *webhook_routes()]
    routes += [*access_routes(), *read_log_routes(), *explaining_routes()]
    routes += [*emergency_routes(), *labelling_routes(), *preview_routes()]
    routes += extract_preview_routes()
    routes += [*job_routes(), *import_routes()]
    return {
        (method, path)
        for route in routes
        for path in _spelled(route)
        for method in (route.methods or set()) & METHODS
        if path not in UNDOCUMENTED and not path.startswith("/.well-known")
    }


def _spelled(route: Route) -> list[str]:
    path = re.sub(r":\w+}", "}", route.path)
    api = next(
        (each for each in (*KINDS, ATTACHMENTS) if path.startswith(f"/v1/{each.plural}/")), None
    )
    family = next((f for f in FAMILIES if path.startswith(f"/v1/access/{f.plural}/")), None)
    if family and "{verb}" in path:
        return [path.replace("{verb}", verb) for verb in family.verbs]
    if api and "{verb}" in path:
        return [path.replace("{verb}", verb) for verb in api.verbs]
    return [path]


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(json.loads(json.dumps(API))).validate()


def test_every_route_is_in_the_document_and_nothing_else() -> None:
    documented = {
        (method.upper(), path) for path, methods in API["paths"].items() for method in methods
    }
    assert documented == routed()


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [o["operationId"] for methods in API["paths"].values() for o in methods.values()]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere() -> None:
    spelled = json.dumps(API)
    names = {part.split('"')[0] for part in spelled.split("#/components/schemas/")[1:]}
    assert names <= API["components"]["schemas"].keys()


def test_every_post_that_writes_asks_for_an_idempotency_key() -> None:
    posts = [
        methods["post"]
        for path, methods in API["paths"].items()
        if "post" in methods and "/v1/" in path and path not in WRITES_NOTHING
    ]
    required = [
        any(p["name"] == "Idempotency-Key" and p["required"] for p in post["parameters"])
        for post in posts
    ]
    assert all(required)


def test_no_text_in_an_address_is_described_as_empty_or_as_holding_nul() -> None:
    """queries.py refuses both, so whoever sends what is described must never send them."""
    asked = (
        (f"{method} {path} ?{parameter['name']}", parameter["schema"])
        for path, operations in API["paths"].items()
        for method, operation in operations.items()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    )
    loose = [where for where, schema in asked if _takes_any_text(schema)]
    assert loose == []


def _takes_any_text(schema: dict[str, Any]) -> bool:  # Any: JSON
    narrow = schema.keys() & {"enum", "format"} or schema.get("type") != "string"
    return not narrow and any(re.search(schema.get("pattern", ""), text) for text in ("", "a\x00"))
