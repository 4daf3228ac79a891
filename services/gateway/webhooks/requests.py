"""What partners ask of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from services.gateway.webhooks.guard import URL_LIMIT
from services.gateway.webhooks.messages import REPLAY_LIMIT
from shared.api.common import Request
from shared.ids import Kind
from shared.values import Moment

MessageId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class RegisterWebhook(Request):
    """Where changes are to be brought. It does nothing until its receiver has proved itself (`activate`)."""

    url: Annotated[
        str,
        Field(
            description="https, and open to webhooks of this installation.",
            json_schema_extra={
                "format": "uri",
                "pattern": "^https?://[!-~]+$",
                "maxLength": URL_LIMIT,
            },
        ),
    ]
    kinds: Annotated[
        tuple[Kind, ...], Field(max_length=50, description="To be told of; none means all.")
    ] = ()
    include: Annotated[
        Literal["record"] | None,
        Field(description="`record` embeds your view; else kind, id and group only."),
    ] = None


class Replay(Request):
    """Messages by their `webhook-id`, or those queued from `since` to before `until`."""

    message_ids: Annotated[list[MessageId], Field(max_length=REPLAY_LIMIT)] | None = None
    since: Moment | None = None
    until: Moment | None = None

    @model_validator(mode="after")
    def names_something(self) -> "Replay":
        moments: list[datetime | None] = [self.since, self.until]
        if (self.message_ids is None) == (moments == [None, None]):
            raise ValueError("give message_ids, or since and until")
        return self


class Nothing(Request):
    """No fields."""
