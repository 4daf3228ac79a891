"""Pieces of the OpenAPI document that operations are put together from."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.gateway.access_api.families import FAMILIES
from services.gateway.emergency.schemas import ANSWERS as EMERGENCY
from services.gateway.emergency.schemas import BreakGlassAsked, ReviewAsked
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
PROBLEMS = {
    "400": "The request could not be read: unknown parameter, bad cursor, missing Idempotency-Key.",
    "401": "No access token, or one that no longer holds.",
    "403": "Your role does not allow it.",
    "404": "There is no such record, or it is not releasable to you: the same answer.",
    "409": "The record's state does not allow it, or the same request is still running.",
    "410": "It was withdrawn or erased.",
    "412": "The record has changed since the version in If-Match.",
    "413": "The body is larger than 1 MiB, or the file than 10 MiB.",
    "422": "Some fields are not right; nothing was changed.",
    "428": "If-Match is required.",
    "429": "You ask too fast; wait for Retry-After. RateLimit says what is left.",
    "503": "A part of the system does not answer just now; try again after Retry-After.",
}
PARAMETERS: dict[str, tuple[str, Json]] = {
    "kind": ("Kinds, separated by commas.", {"type": "string"}),
    "status": (
        "Statuses, separated by commas; `open` for all that are not over.",
        {"type": "string"},
    ),
    "type": ("Engagement types, separated by commas.", {"type": "string"}),
    "organisation_kind": ("Kind of organisation.", {"type": "string"}),
    "area": ("P-code of an area; what lies inside counts.", {"type": "string"}),
    "party": (
        "Id of an organisation, person or post it refers to, or of one merged into it.",
        {"type": "string"},
    ),
    "owner": ("Id of the organisation that owns the record.", {"type": "string"}),
    "from": ("Earliest day or moment.", {"type": "string"}),
    "to": ("Latest day, that day included, or moment, that moment excluded.", {"type": "string"}),
    "bbox": ("west,south,east,north in degrees.", {"type": "string"}),
    "q": (
        "Words to search for in what you may read, or a name under any spelling.",
        {"type": "string"},
    ),
    "sort": (
        "starts_at, recorded_at, updated_at or title; with `-` in front, descending. `relevance`: best"
        " first; so it is when `q` is given and nothing is said here.",
        {"type": "string", "default": "-recorded_at"},
    ),
    "as_of": (
        "As it was known at this moment, to whoever could read it then and can now.",
        {"type": "string", "format": "date-time"},
    ),
    "placed": ("Whether the place is known to the gazetteer.", {"type": "boolean"}),
    "dated": ("Whether it has a time: a start, or when it is due.", {"type": "boolean"}),
    "release_waits": (
        "Whether a release waits for a second person; your own organisation's records only.",
        {"type": "boolean"},
    ),
    "review_by": (
        "Records whose label is to be reviewed on this day or was before.",
        {"type": "string", "format": "date"},
    ),
    "overdue": ("Whether it is a commitment that fell overdue.", {"type": "boolean"}),
    "ids": (
        "Record ids, separated by commas; those you may not see are left out.",
        {"type": "string"},
    ),
    "fields": ("Fields to send, separated by commas.", {"type": "string"}),
    "page_size": ("", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}),
    "cursor": ("`next_cursor` of the page before, with the same filters.", {"type": "string"}),
    "count": ("Whether to count, up to 10,000.", {"type": "boolean", "default": False}),
    "name": ("What the file is called; a form may say it instead.", {"type": "string"}),
    "zoom": ("Web map zoom, for clustering.", {"type": "integer", "minimum": 0, "maximum": 22}),
    "at_least": ("`position` of a write this answer must include.", {"type": "string"}),
    "validate_only": ("Run every rule and write nothing.", {"type": "boolean", "default": False}),
    "place_id": ("Id of a place.", {"type": "string"}),
    "series": ("What meetings that recur have in common.", {"type": "string"}),
    "limit": ("", {"type": "integer", "minimum": 1, "maximum": 50, "default": 8}),
    "parties": (
        "Ids of organisations and people to be met, separated by commas.",
        {"type": "string"},
    ),
    "starts_at": ("When it starts.", {"type": "string", "format": "date-time"}),
    "ends_at": (
        "When it ends; without it, when it starts.",
        {"type": "string", "format": "date-time"},
    ),
    "besides": ("Id of the plan itself, which overlaps with nothing.", {"type": "string"}),
    "state": ("waiting, delivered or withdrawn.", {"type": "string"}),
    "since": ("A cursor of the feed. Without one: from now.", {"type": "string"}),
    "include": ("`record` embeds your view of what changed.", {"enum": ["record"]}),
}
HEADERS: dict[str, tuple[str, bool]] = {
    "Idempotency-Key": ("Your name for this write; repeating it repeats the answer.", True),
    "If-Match": ("The version you last saw.", False),
    "If-None-Match": ("The version you have; 304 when it still stands.", False),
    "Last-Event-ID": ("Where to resume; goes before `since`.", False),
    "Parley-Scenario-Time": ("Exercises only, loader only: when it was recorded.", False),
}


def schemas() -> Json:
    """Every request and answer by name."""
    requests = {
        verb.request for api in KINDS for verb in (*api.creators.values(), *api.verbs.values())
    }
    puts = (api.put for api in KINDS if api.put)
    asked: list[type[BaseModel]] = [*requests, *puts, Batch, RegisterWebhook, Replay, SandboxEvent]
    asked += [BreakGlassAsked, ReviewAsked]
    asked += [verb.model for family in FAMILIES for verb in (family.create, *family.verbs.values())]
    taken = models_json_schema(
        [(model, "validation") for model in sorted(set(asked), key=lambda m: m.__name__)],
        ref_template=REFERENCE,
    )[1]["$defs"]
    given = models_json_schema(
        [(model, "serialization") for model in (*ANSWERS, *WEBHOOK_ANSWERS, *EMERGENCY)],
        ref_template=REFERENCE,
    )[1]["$defs"]
    return dict(sorted((given | taken).items()))


def ref(model: type[BaseModel]) -> Json:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def query(*names: str) -> list[Json]:
    return [
        {
            "name": name,
            "in": "query",
            "description": PARAMETERS[name][0],
            "schema": PARAMETERS[name][1],
        }
        for name in names
    ]


def header(name: str, *, required: bool | None = None) -> Json:
    words, always = HEADERS[name]
    needed = always if required is None else required
    return {
        "name": name,
        "in": "header",
        "description": words,
        "required": needed,
        "schema": {"type": "string"},
    }


def path(name: str, words: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "description": words,
        "required": True,
        "schema": {"type": "string"},
    }


def body(model: type[BaseModel], example: Json | None = None) -> Json:
    """`example`: another than the model's own. Raises KeyError for a model that has none."""
    content: Json = {"schema": ref(model), "example": example or EXAMPLES[model]}
    return {"required": True, "content": {"application/json": content}}


def answer(
    words: str, schema: Json, media_type: str = "application/json", headers: Json | None = None
) -> Json:
    told: Json = {"schema": schema}
    if shown := SHOWN.get(schema.get("$ref", "").removeprefix(REFERENCE.format(model=""))):
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
