"""The OpenAPI 3.1 document, made from the same table as the routes."""

from functools import lru_cache

from services.gateway.partner_api.examples.table import batch_example
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS, KindApi, Verb
from services.gateway.partner_api.openapi_access import access_paths
from services.gateway.partner_api.openapi_beside import beside_paths, explained
from services.gateway.partner_api.openapi_emergency import emergency_paths
from services.gateway.partner_api.openapi_jobs import job_paths
from services.gateway.partner_api.openapi_labelling import labelling_paths
from services.gateway.partner_api.openapi_parameters import SYSTEM, header, path, query
from services.gateway.partner_api.openapi_parts import (
    VALIDATED,
    Json,
    answer,
    body,
    either,
    problem_responses,
    problems,
    ref,
    schemas,
)
from services.gateway.partner_api.openapi_webhooks import webhook_paths
from services.gateway.partner_api.queries import FILTERS
from services.gateway.partner_api.schemas import VIEWS, Accepted, BatchAnswer, Page, Problem
from shared.api.batch import Batch
from shared.api.common import Request

ABOUT = """Write and read what your label allows, follow changes as they happen.
Every write names an Idempotency-Key and answers `{id, version, position}`; every record carries its label;
what is not releasable to you and what does not exist are answered alike."""
READ = ("400", "401", "404", "503")
WRITE = ("400", "401", "403", "404", "409", "412", "413", "422", "503")
LIST = ("fields", "page_size", "cursor", "count", "at_least")
TAG = {"headers": {"ETag": {"description": "Version of your view.", "schema": {"type": "string"}}}}


@lru_cache
def document(public_url: str) -> Json:
    """The whole document. Callers must not change it."""
    paths: Json = {}
    for api in KINDS:
        paths |= _kind_paths(api)
    paths |= _attachment_paths() | beside_paths() | webhook_paths()
    paths |= access_paths() | emergency_paths() | labelling_paths() | job_paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Parley", "version": "1", "description": ABOUT},
        "servers": [{"url": public_url.rstrip("/")}],
        "security": [{"client": []}, {"session": []}],
        "paths": _limited(paths),
        "components": {
            "schemas": schemas(),
            "responses": problem_responses(Problem),
            "securitySchemes": _security(public_url),
        },
    }


def _limited(paths: Json) -> Json:
    """Whoever is known may ask too fast, wherever; and no body is taken packed."""
    known = [each for methods in paths.values() for each in methods.values()]
    for operation in known:
        if operation.get("security") != []:
            operation["responses"] |= problems("429")
        if "requestBody" in operation:
            operation["responses"] |= problems("415")
    return paths


def _security(public_url: str) -> Json:
    token_url = f"{public_url.rstrip('/')}/oauth/token"
    flows = {"clientCredentials": {"tokenUrl": token_url, "scopes": {}}}
    cookie = "__Host-parley" if public_url.startswith("https://") else "parley"
    return {
        "client": {"type": "oauth2", "flows": flows},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }


def _kind_paths(api: KindApi) -> Json:
    base, one = f"/v1/{api.plural}", f"/v1/{api.plural}/{{id}}"
    paths = {
        base: {"get": _listed(api), "post": _written(api, api.creators[""], "create")},
        one: {"get": _one(api)},
        f"{one}/access": {"get": explained(api.plural) | {"parameters": [_id()]}},
        f"{base}/batch": {"post": _batch(api)},
    }
    if api.put:
        paths[f"{base}/external/{{system}}/{{external_id}}"] = {"put": _put(api, api.put)}
    for way in filter(None, api.creators):
        paths[f"{base}/{way}"] = {"post": _written(api, api.creators[way], way)}
    for name, verb in api.verbs.items():
        paths[f"{one}/{name}"] = {"post": _acted(api, verb)}
    return paths


def _attachment_paths() -> Json:
    api, base, one = ATTACHMENTS, "/v1/attachments", "/v1/attachments/{id}"
    verbs = {f"{one}/{name}": {"post": _acted(api, verb)} for name, verb in api.verbs.items()}
    return {
        base: {"get": _listed(api)},
        one: {"get": _one(api)},
        f"{one}/content": {"get": _content(api)},
        "/v1/commitments/{id}/attachments": {"post": _attached(api)},
        **verbs,
    }


def _attached(api: KindApi) -> Json:
    made = answer("It stands.", ref(Accepted), headers=TAG["headers"])
    binary: Json = {"type": "string", "format": "binary"}
    form: Json = {"type": "object", "required": ["file"], "properties": {"file": binary}}
    content = {
        "multipart/form-data": {"schema": form},
        "application/octet-stream": {"schema": binary},
    }
    return _operation(
        api, "attach", "Attach a file of at most 10 MiB: PDF, image, text, office"
    ) | {
        "parameters": [_id(), *_writing(), *query("name")],
        "requestBody": {"required": True, "content": content},
        "responses": {"201": made, "200": _validated()} | problems(*WRITE),
    }


def _content(api: KindApi) -> Json:
    binary = answer("The file.", {"type": "string", "format": "binary"}, "application/octet-stream")
    return _operation(api, "content", "What the file holds") | {
        "parameters": [_id()],
        "responses": {"200": binary} | problems(*READ, "410"),
    }


def _operation(api: KindApi, name: str, summary: str) -> Json:
    return {"operationId": f"{api.plural}_{name}", "tags": [api.plural], "summary": summary}


def _listed(api: KindApi) -> Json:
    return _operation(api, "list", f"{api.plural.title()} you may see") | {
        "parameters": query(*sorted(FILTERS), *LIST),
        "responses": {"200": answer("A page.", ref(Page))} | problems("400", "401", "503"),
    }


def _one(api: KindApi) -> Json:
    shown = answer("Your view of it.", ref(VIEWS[api.kind]), headers=TAG["headers"])
    parameters = [_id(), *query("fields", "as_of", "at_least"), header("If-None-Match")]
    unchanged = {"304": {"description": "It is as you have it."}}
    return _operation(api, "read", f"One of the {api.plural}") | {
        "parameters": parameters,
        "responses": {"200": shown} | unchanged | problems(*READ),
    }


def _written(api: KindApi, verb: Verb, name: str) -> Json:
    made = answer("It stands.", ref(Accepted), headers=TAG["headers"])
    return (
        _operation(api, name, verb.summary)
        | _deprecated(verb)
        | {
            "parameters": _writing(),
            "requestBody": body(verb.request),
            "responses": {"201": made, "200": _validated()} | problems(*WRITE),
        }
    )


def _acted(api: KindApi, verb: Verb) -> Json:
    done = answer("It stands; or it would.", either(Accepted), headers=TAG["headers"])
    needed = problems("428") if verb.unsafe else {}
    return (
        _operation(api, verb.name, verb.summary)
        | _deprecated(verb)
        | {
            "parameters": [_id(), *_writing(), header("If-Match", required=verb.unsafe)],
            "requestBody": body(verb.request),
            "responses": {"200": done} | problems(*WRITE) | needed,
        }
    )


def _put(api: KindApi, put: type[Request]) -> Json:
    made = answer("It stands.", ref(Accepted), headers=TAG["headers"])
    done = answer("It stands; or it would.", either(Accepted), headers=TAG["headers"])
    named = [
        path("system", "Your system, the same every time.", SYSTEM),
        path("external_id", "Your own id, percent-encoded as one segment, compared exactly."),
    ]
    return _operation(api, "put_external", "Create or amend by your own id") | {
        "parameters": [*named, *_writing(key_required=False)],
        "requestBody": body(put),
        "responses": {"200": done, "201": made} | problems(*WRITE),
    }


def _batch(api: KindApi) -> Json:
    refused = ("400", "401", "403", "413", "422", "503")
    return _operation(api, "batch", "Many writes, each answered alone") | {
        "parameters": _writing(),
        "requestBody": body(Batch, batch_example(api)),
        "responses": {"200": answer("In order.", ref(BatchAnswer))} | problems(*refused),
    }


def _deprecated(verb: Verb) -> Json:
    return {"deprecated": True} if verb.deprecated else {}


def _validated() -> Json:
    return answer("With validate_only: it would stand.", VALIDATED)


def _writing(*, key_required: bool = True) -> list[Json]:
    key = header("Idempotency-Key", required=key_required)
    return [key, header("Parley-Scenario-Time"), *query("validate_only")]


def _id() -> Json:
    return path("id", "A record id.")
