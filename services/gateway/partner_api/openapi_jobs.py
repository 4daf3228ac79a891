"""The document's paths of jobs."""

import json

from services.gateway.jobs.formats import formats_of
from services.gateway.jobs.schemas import JobsShown, JobView, RejectedRows
from services.gateway.partner_api.examples.table import EXAMPLES
from services.gateway.partner_api.kinds import KINDS, KindApi
from services.gateway.partner_api.openapi_parameters import (
    PARAMETERS,
    SYSTEM,
    header,
    path,
    query,
)
from services.gateway.partner_api.openapi_parts import Json, answer, problems, ref
from services.gateway.partner_api.queries import FILTERS

TABLE = "external_id,label.level\na-2,unclassified\n"
TABLES = {
    "organisations": "Organisation,Acronym,Id\n#org+name,#org+acronym,#meta+id\nInvented Relief,IR,a-2\n",
    "people": "id,name,job title,email\na-2,Invented Person,Chief of the ferry,person@partner.example\n",
    "engagements": "external_id,purpose,type,starts_at,place.name\n"
    "a-2,Talks on the ferry,routine_liaison,2030-01-02T09:00:00Z,Malakal\n",
}
FILE = """{"marking":"PUBLIC // RELEASABLE TO: everybody","label":null,"kind":"place","left_out":0}\n"""
BASE, ONE = "/v1/jobs", "/v1/jobs/{id}"
EXPORTED = """What the list with the same filters holds, as a file. The job finds out which records that are;
what is in them is read when you fetch the file, under the rights you have then. Its first line says how it is
marked: the highest of all it contains. Records under originator control go out only with the originator's own
people."""
IMPORTED = """A file of rows, of at most 64 MiB, read as it comes. NDJSON: on each line what one creation
takes, and in `external_id` your own id, if it has one: then the row creates or amends by that id. CSV: a
header of paths of the same fields (`place.name`, `label.level`, `participants.0.name`) and `external_id`;
organisations and people also under their usual names, organisations by HXL hashtags. Each row is written as
in a batch, under your rights at that moment, and stands or is refused alone. A row is never written twice,
whatever breaks off."""
FETCHED = """Made while you fetch it, again each time, of what you may read then, in the order of the list.
A file whose transfer does not end as HTTP says is not whole: fetch it again."""
WRITTEN = """Of an import with `validate_only` that is done: another job writes the same rows, which need not
be sent again. Every rule is run anew, under your rights at that moment."""
READ = ("400", "401", "404", "503")


def job_paths() -> Json:
    return {
        **{f"/v1/{api.plural}/export": {"post": _export(api)} for api in KINDS},
        **{f"/v1/{api.plural}/import": {"post": _import(api)} for api in KINDS},
        BASE: {"get": _list()},
        ONE: {"get": _read(), "delete": _delete()},
        f"{ONE}/cancel": {"post": _cancel()},
        f"{ONE}/import": {"post": _write()},
        f"{ONE}/file": {"get": _file()},
        f"{ONE}/rejected": {"get": _rejected()},
    }


def taken() -> Json:
    """The answer to whoever asked for a job."""
    where: Json = {"Location": {"description": "The job.", "schema": {"type": "string"}}}
    return {"202": answer("It will be done.", ref(JobView), headers=where)}


def _export(api: KindApi) -> Json:
    words, schema = PARAMETERS["format"]
    wanted: Json = {"name": "format", "in": "query", "description": words}
    wanted["schema"] = schema | {"enum": list(formats_of(api.kind))}
    return {
        "operationId": f"{api.plural}_export",
        "tags": [api.plural, "jobs"],
        "summary": "As a file of those you may see",
        "description": EXPORTED,
        "parameters": [
            header("Idempotency-Key"),
            wanted,
            *query(*sorted(FILTERS), "fields"),
        ],
        "responses": taken() | problems("400", "401", "403", "409", "413", "422", "503"),
    }


def _import(api: KindApi) -> Json:
    text: Json = {"type": "string", "format": "binary"}
    row = EXAMPLES[api.creators[""].request] | {"external_id": "a-2"}
    content: Json = {
        "application/x-ndjson": {"schema": text, "example": json.dumps(row) + "\n"},
        "text/csv": {"schema": text, "example": TABLES.get(api.plural, TABLE)},
    }
    system = {"name": "system", "in": "query", "schema": SYSTEM}
    system["description"] = "Whose the ids of the rows are: your system, the same every time."
    return {
        "operationId": f"{api.plural}_import",
        "tags": [api.plural, "jobs"],
        "summary": "Many writes out of a file",
        "description": IMPORTED,
        "parameters": [header("Idempotency-Key"), system, *query("validate_only")],
        "requestBody": {"required": True, "content": content},
        "responses": taken() | problems("400", "401", "403", "409", "413", "422", "503"),
    }


def _list() -> Json:
    found = {"200": answer("All of them, the latest first.", ref(JobsShown))}
    return _operation("list", "Your jobs of the last 24 hours") | {
        "responses": found | problems("401", "503")
    }


def _read() -> Json:
    found = {"200": answer("How far it has come.", ref(JobView))} | problems("401", "404", "503")
    return _operation("read", "One of your jobs") | {"parameters": [_id()], "responses": found}


def _delete() -> Json:
    gone = {"204": {"description": "It is gone, with all that was kept of it."}}
    return _operation("delete", "Delete it; what it wrote stays") | {
        "parameters": [_id()],
        "responses": gone | problems("401", "404", "503"),
    }


def _cancel() -> Json:
    done = {"200": answer("It is so; a job that had ended stays as it was.", ref(JobView))}
    return _operation("cancel", "Stop it; what it wrote stays") | {
        "parameters": [_id(), header("Idempotency-Key")],
        "responses": done | problems("400", "401", "403", "404", "413", "422", "503"),
    }


def _write() -> Json:
    return _operation("import", "Write what an import only checked") | {
        "description": WRITTEN,
        "parameters": [_id(), header("Idempotency-Key")],
        "responses": taken() | problems("400", "401", "403", "404", "409", "413", "422", "503"),
    }


def _file() -> Json:
    binary: Json = {"type": "string", "format": "binary"}
    found = answer("The file.", binary, "application/x-ndjson")
    found["content"]["application/x-ndjson"]["example"] = FILE
    found["content"]["text/csv"] = {"schema": binary}
    return _operation("file", "The file of an export") | {
        "description": FETCHED,
        "parameters": [_id()],
        "responses": {"200": found} | problems("401", "404", "409", "503"),
    }


def _rejected() -> Json:
    found = {"200": answer("In order.", ref(RejectedRows))} | problems(*READ)
    return _operation("rejected", "Rows an import refused, and why") | {
        "parameters": [_id(), *query("page_size", "cursor")],
        "responses": found,
    }


def _operation(name: str, summary: str) -> Json:
    return {"operationId": f"jobs_{name}", "tags": ["jobs"], "summary": summary}


def _id() -> Json:
    return path("id", "Id of a job.")
