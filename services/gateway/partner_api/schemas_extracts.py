"""The shape of what is told of extracts to who reads both a record and what was made of it."""

from typing import Annotated

from pydantic import Field

from services.gateway.partner_api.schemas_parts import Answer
from shared.ids import RecordId


class ExtractShown(Answer):
    id: RecordId
    source_changed: Annotated[
        bool | None,
        Field(
            description="Whether what you read of the source has changed, or was removed, since the extract"
            " was made, or checked last. Told to the owner, and to an originator that controls the source."
        ),
    ] = None


class ExtractsShown(Answer):
    """The latest first."""

    of: Annotated[list[ExtractShown], Field(description="What the record is an extract of.")]
    items: Annotated[list[ExtractShown], Field(description="Extracts that were made of it.")]
