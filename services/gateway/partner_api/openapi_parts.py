"""Pieces of the OpenAPI document that operations are put together from."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.gateway.access_api.families import FAMILIES
from services.gateway.emergency.schemas import ANSWERS as EMERGENCY
from services.gateway.emergency.schemas import BreakGlassAsked, ReviewAsked
from services.gateway.explaining.schemas import PreviewExtract, PreviewRelease
from services.gateway.jobs.schemas import ANSWERS as JOBS
from services.gateway.labelling.schemas import ANSWERS as LABELLING
from services.gateway.labelling.schemas import TranslateLabel
from services.gateway.partner_api.examples.answers import ANSWERS as SHOWN
from services.gateway.partner_api.examples.table import EXAMPLES
from services.gateway.partner_api.kinds import KINDS
from services.gateway.partner_api.sandbox import SandboxEvent
from services.gateway.partner_api.schemas import ANSWERS
from services.gateway.webhooks.requests import RegisterWebhook, Replay
from services.gateway.webhooks.schemas import ANSWERS as WEBHOOK_ANSWERS
from shared.api.batch import Batch

Json = dict[str, Any]  # Any: a piece of an OpenAPI document
REFERENCE = "#/components/schemas/{model}"
VALIDATED: Json = {"$ref": REFERENCE.format(model="Validated")}
PROBLEMS = {
    "400": "The request could not be read: unknown parameter, bad cursor, missing Idempotency-Key.",
    "401": "No access token, or one that no longer holds.",
    "403": "Your role does not allow it.",
    "404": "There is no such record, or it is not releasable to you: the same answer.",
    "409": "The record's state does not allow it, or the same request is still running.",
    "410": "It was withdrawn or erased.",
    "412": "The record has changed since the version in If-Match.",
    "413": "The body is larger than 1 MiB, the file than 10 MiB, or what is imported than 64 MiB.",
    "415": "The body is packed: send it without Content-Encoding. Or imports do not take its media type.",
    "422": "Some fields are not right; nothing was changed.",
    "428": "If-Match is required.",
    "429": "You ask too fast; wait for Retry-After. RateLimit says what is left.",
    "503": "A part of the system does not answer just now; try again after Retry-After.",
}


def schemas() -> Json:
    """Every request and answer by name."""
    requests = {
        verb.request for api in KINDS for verb in (*api.creators.values(), *api.verbs.values())
    }
    puts = (api.put for api in KINDS if api.put)
    asked: list[type[BaseModel]] = [*requests, *puts, Batch, RegisterWebhook, Replay, SandboxEvent]
    asked += [BreakGlassAsked, ReviewAsked, TranslateLabel, PreviewRelease, PreviewExtract]
    asked += [verb.model for family in FAMILIES for verb in (family.create, *family.verbs.values())]
    taken = models_json_schema(
        [(model, "validation") for model in sorted(set(asked), key=lambda m: m.__name__)],
        ref_template=REFERENCE,
    )[1]["$defs"]
    given = models_json_schema(
        [
            (model, "serialization")
            for model in (*ANSWERS, *WEBHOOK_ANSWERS, *EMERGENCY, *LABELLING, *JOBS)
        ],
        ref_template=REFERENCE,
    )[1]["$defs"]
    return dict(sorted((given | taken).items()))


def ref(model: type[BaseModel]) -> Json:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def either(model: type[BaseModel]) -> Json:
    """`model`, or with validate_only what says that it would be so."""
    return {"anyOf": [ref(model), VALIDATED]}


def body(model: type[BaseModel], example: Json | None = None) -> Json:
    """`example`: another than the model's own. Raises KeyError for a model that has none."""
    content: Json = {"schema": ref(model), "example": example or EXAMPLES[model]}
    return {"required": True, "content": {"application/json": content}}


def answer(
    words: str, schema: Json, media_type: str = "application/json", headers: Json | None = None
) -> Json:
    told: Json = {"schema": schema}
    first = schema.get("anyOf", [schema])[0]
    if shown := SHOWN.get(first.get("$ref", "").removeprefix(REFERENCE.format(model=""))):
        told["example"] = shown
    found: Json = {"description": words, "content": {media_type: told}}
    return found | ({"headers": headers} if headers else {})


def problems(*statuses: str) -> Json:
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def problem_responses(problem: type[BaseModel]) -> Json:
    return {
        f"Problem{status}": answer(words, ref(problem), "application/problem+json")
        for status, words in PROBLEMS.items()
    }
