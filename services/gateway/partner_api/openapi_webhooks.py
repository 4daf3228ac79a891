"""The document's paths of webhooks."""

from pydantic import BaseModel

from services.gateway.partner_api.openapi_parameters import header, path, query
from services.gateway.partner_api.openapi_parts import VALIDATED, Json, answer, body, problems, ref
from services.gateway.partner_api.sandbox import PATH, SandboxEvent
from services.gateway.partner_api.schemas import Accepted
from services.gateway.webhooks.requests import RegisterWebhook, Replay
from services.gateway.webhooks.schemas import (
    Queued,
    WebhookMessages,
    Webhooks,
    WebhookSecret,
    WebhookView,
)

BASE, ONE = "/v1/webhooks", "/v1/webhooks/{id}"
ABOUT = """Changes of your view, brought to an address of yours: CloudEvents with the headers and signatures
of the Standard Webhooks specification. In order, and again with growing waits for 24 hours until accepted;
then, or on 410, the webhook is disabled, and goes on where it stopped once it is activated again. A message
keeps its `webhook-id` however often it comes: whoever has seen it needs it no more."""
READ, ACT = ("400", "401", "404", "503"), ("400", "401", "403", "404", "409", "422", "503")


def webhook_paths() -> Json:
    made = answer("Registered, and not active yet.", ref(WebhookSecret))
    return {
        BASE: {
            "get": _operation("list", "Your webhooks")
            | {
                "responses": {"200": answer("All of them.", ref(Webhooks))} | problems("401", "503")
            },
            "post": _operation("register", "Register a webhook")
            | {
                "description": ABOUT,
                "parameters": [header("Idempotency-Key")],
                "requestBody": body(RegisterWebhook),
                "responses": {"201": made}
                | problems("400", "401", "403", "409", "413", "422", "503"),
            },
        },
        ONE: {"get": _read(), "delete": _delete()},
        f"{ONE}/messages": {"get": _messages()},
        f"{ONE}/activate": _verb(
            "activate", "Have it prove itself, and begin or go on", WebhookView
        ),
        f"{ONE}/disable": _verb("disable", "Send nothing until it is activated again", WebhookView),
        f"{ONE}/rotate": _verb(
            "rotate", "New secrets; the ones before sign too for a day", WebhookSecret
        ),
        f"{ONE}/ping": _verb("ping", "Send it a message that means nothing", Queued, "202"),
        f"{ONE}/replay": _replay(),
        PATH: {"post": _sandbox()},
    }


def _sandbox() -> Json:
    happened = {"201": answer("It happened.", ref(Accepted))}
    return {
        "operationId": "sandbox_events",
        "tags": ["webhooks"],
        "summary": "In an exercise: have something happen, to hear of it",
        "parameters": [header("Idempotency-Key"), *query("validate_only")],
        "requestBody": body(SandboxEvent),
        "responses": {"200": answer("With validate_only: it would.", VALIDATED)}
        | happened
        | problems("400", "401", "403", "404", "409", "413", "422", "503"),
    }


def _read() -> Json:
    shown = {"200": answer("The webhook.", ref(WebhookView))} | problems(*READ)
    return _operation("read", "One of your webhooks") | {"parameters": [_id()], "responses": shown}


def _delete() -> Json:
    gone = {"204": {"description": "It is gone, with its messages."}} | problems(
        "401", "404", "503"
    )
    return _operation("delete", "Delete it") | {"parameters": [_id()], "responses": gone}


def _messages() -> Json:
    found = {"200": answer("The latest first.", ref(WebhookMessages))} | problems(*READ)
    return _operation("messages", "What it was sent, and how that went") | {
        "parameters": [_id(), *query("state", "page_size", "cursor")],
        "responses": found,
    }


def _verb(name: str, summary: str, model: type[BaseModel], status: str = "200") -> Json:
    done = {status: answer("It is so.", ref(model))} | problems(*ACT)
    parameters = [_id(), header("Idempotency-Key")]
    return {"post": _operation(name, summary) | {"parameters": parameters, "responses": done}}


def _replay() -> Json:
    verb = _verb("replay", "Send messages again, under the same ids", Queued, "202")
    verb["post"]["requestBody"] = body(Replay)
    return verb


def _operation(name: str, summary: str) -> Json:
    return {"operationId": f"webhooks_{name}", "tags": ["webhooks"], "summary": summary}


def _id() -> Json:
    return path("id", "Id of a webhook.")
