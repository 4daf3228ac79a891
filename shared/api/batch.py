"""Many writes in one request: each item stands alone and is answered alone, in order."""

from typing import Annotated, Any

from pydantic import Field

from shared.api.common import Request
from shared.values import Moment, ShortWords

BATCH_LIMIT = 500


class BatchItem(Request):
    """`action` is `create`, `put_external` (with `system`, `external_id`) or a verb (with `id`)."""

    key: Annotated[str, Field(min_length=1, max_length=200, description="Idempotency key.")]
    action: Annotated[str, Field(max_length=40)] = "create"
    id: str | None = None
    system: str | None = None
    external_id: ShortWords | None = None
    scenario_time: Annotated[Moment | None, Field(description="Exercises only, loader only.")] = (
        None
    )
    # Any: parsed by the action's own request
    body: Annotated[dict[str, Any], Field(default_factory=dict)]


class Batch(Request):
    items: Annotated[tuple[BatchItem, ...], Field(min_length=1, max_length=BATCH_LIMIT)]
