"""What partners are told of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.gateway.partner_api.schemas_parts import Answer
from services.gateway.webhooks.messages import Settled
from services.gateway.webhooks.store import State
from shared.ids import Kind

Why = Annotated[
    str | None,
    Field(
        description="owner, gone (it answered 410), window_over (it accepted nothing for a whole day)."
    ),
]


class WebhookView(Answer):
    """`public_key` verifies `v1a` signatures. `failures`: attempts in a row that were not accepted."""

    id: str
    client_id: str
    url: str
    kinds: list[Kind]
    include: Literal["record"] | None = None
    state: State
    why: Why = None
    public_key: str
    failing_since: datetime | None = None
    failures: int
    next_attempt_at: datetime | None = None
    registered_at: datetime


class WebhookSecret(WebhookView):
    """`secret` verifies `v1` signatures. It is shown now and never again."""

    secret: str
    previous_until: Annotated[
        datetime | None, Field(description="Until then the secret before signs too.")
    ] = None


class Webhooks(Answer):
    items: list[WebhookView]
    next_cursor: None = None


class Attempt(Answer):
    """`why`: no_connection (not resolved, not open to webhooks, not listening), timeout, tls, not_http,
    status_NNN; null when it was accepted."""

    at: datetime
    status: int | None = None
    why: str | None = None
    duration_milliseconds: int


class WebhookMessage(Answer):
    """`id` is the `webhook-id`. withdrawn: it was no longer releasable to you before it was delivered."""

    id: str
    type: str
    record_id: str | None = None
    state: Literal["waiting"] | Settled
    attempts: list[Attempt]
    queued_at: datetime
    settled_at: datetime | None = None


class WebhookMessages(Answer):
    items: list[WebhookMessage]
    next_cursor: str | None = None


class Queued(Answer):
    """`queued`: how many messages are to be sent."""

    queued: int
    message_id: str | None = None


ANSWERS: tuple[type[BaseModel], ...] = (
    WebhookView,
    WebhookSecret,
    Webhooks,
    WebhookMessages,
    Queued,
)
