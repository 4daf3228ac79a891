"""What partners may send about organisations and places."""

from typing import Annotated

from pydantic import Field

from shared.api.common import LabelledRequest, NameIn, NewRecord, Request, TextIn
from shared.contracts.contacts import OrganisationKind, PlaceLevel
from shared.ids import RecordId
from shared.values import Point, Precision, Word


class OrganisationFields(LabelledRequest):
    organisation_kind: OrganisationKind = OrganisationKind.UNKNOWN
    name: NameIn
    short_name: NameIn | None = None
    aliases: Annotated[tuple[NameIn, ...], Field(max_length=100)] = ()
    affiliation: Annotated[
        RecordId | None, Field(description="The party or parent organisation it belongs to.")
    ] = None
    note: TextIn | None = None
    retired: Annotated[bool, Field(description="Register it as already retired.")] = False


class RegisterOrganisation(OrganisationFields, NewRecord):
    pass


class AmendOrganisation(OrganisationFields):
    """All amendable fields as they should stand; leaving one out clears it. Unnamed labels stay."""


class AddAlias(Request):
    alias: NameIn


class PlaceFields(LabelledRequest):
    name: NameIn
    alternative_names: Annotated[tuple[NameIn, ...], Field(max_length=100)] = ()
    level: PlaceLevel
    pcode: Word | None = None
    parent_id: RecordId | None = None
    parent_pcode: Annotated[
        Word | None, Field(description="Names the parent by its p-code instead of its id.")
    ] = None
    point: Point | None = None
    precision: Precision = Precision.UNKNOWN
    source: TextIn | None = None
    retired: Annotated[bool, Field(description="Register it as already retired.")] = False


class RegisterPlace(PlaceFields, NewRecord):
    pass


class AmendPlace(PlaceFields):
    """All amendable fields as they should stand; leaving one out clears it. Unnamed labels stay."""
