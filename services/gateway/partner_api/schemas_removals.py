"""The shape of a removal's progress as those hear of it who may see what is left of the record."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.gateway.partner_api.schemas_parts import Answer
from shared.contracts.removals import Ground


class RemovalProgress(Answer):
    """Only `done` means that nothing is left: before, copies may still lie in files of the servers."""

    ground: Annotated[Ground, Field(description="Why it was removed.")]
    state: Annotated[
        Literal["approved", "destroyed", "refolded", "done"],
        Field(description="The last step that was reached."),
    ]
    approved_at: Annotated[datetime, Field(description="When the second person approved.")]
    destroyed_at: Annotated[
        datetime | None, Field(description="When no key was left in any service.")
    ]
    refolded_at: Annotated[
        datetime | None, Field(description="When all views had been made anew without it.")
    ]
    done_at: Annotated[datetime | None, Field(description="When nothing of it was left in files.")]


class RemovalAnswer(Answer):
    removal: Annotated[
        RemovalProgress | None, Field(description="Nothing until a removal is approved.")
    ]
