"""What can happen to organisations and to places of the gazetteer; people.py and posts.py tell the rest.

Organisations' names are sealed; the gazetteer is public reference data and is not, so that other
services can match places without holding keys.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from shared.contracts import people, posts
from shared.contracts.event import SEALED, DomainEvent, Group, Labelled, Relabelling
from shared.contracts.people import PersonEvent
from shared.contracts.posts import PostEvent
from shared.contracts.records import RecordEvent
from shared.contracts.removals import AnyRemoval
from shared.ids import Kind, RecordId
from shared.values import ExternalId, Name, Point, Precision, Text, Word

GROUPS: dict[Kind, tuple[Group, ...]] = {
    Kind.ORGANISATION: (Group.BASE,),
    Kind.PLACE: (Group.BASE,),
    **people.GROUPS,
    **posts.GROUPS,
}


class OrganisationKind(StrEnum):
    MILITARY_FORCE = "military_force"
    POLICE = "police"
    UN_AGENCY = "un_agency"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    NGO = "ngo"
    LOCAL_AUTHORITY = "local_authority"
    COMMUNITY = "community"
    PARTY_TO_THE_CONFLICT = "party_to_the_conflict"
    RELIGIOUS = "religious"
    MEDIA = "media"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class PlaceLevel(StrEnum):
    COUNTRY = "country"
    ADMIN1 = "admin1"
    ADMIN2 = "admin2"
    ADMIN3 = "admin3"
    SETTLEMENT = "settlement"
    SITE = "site"


class OrganisationFields(DomainEvent):
    organisation_kind: OrganisationKind
    name: Annotated[Name, SEALED]
    short_name: Annotated[Name | None, SEALED] = None
    aliases: Annotated[tuple[Name, ...], SEALED] = ()
    affiliation: RecordId | None = None
    note: Annotated[Text | None, SEALED] = None


class OrganisationRegistered(OrganisationFields, Labelled):
    type: Literal["organisation.registered.v1"] = "organisation.registered.v1"
    external_ids: tuple[ExternalId, ...] = ()


class OrganisationAmended(OrganisationFields):
    """All amendable fields as they stand from now on."""

    type: Literal["organisation.amended.v1"] = "organisation.amended.v1"


class OrganisationAliasAdded(DomainEvent):
    type: Literal["organisation.alias_added.v1"] = "organisation.alias_added.v1"
    alias: Annotated[Name, SEALED]


class OrganisationRetired(DomainEvent):
    type: Literal["organisation.retired.v1"] = "organisation.retired.v1"
    reason: Annotated[Text | None, SEALED] = None


class OrganisationRelabelled(Relabelling):
    type: Literal["organisation.relabelled.v1"] = "organisation.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


class OrganisationMerged(Relabelling):
    """It is the same as another; its labels become the join of both, and it leads there from now on."""

    type: Literal["organisation.merged.v1"] = "organisation.merged.v1"
    into: RecordId
    reason: Annotated[Text | None, SEALED] = None


class OrganisationUnmerged(Relabelling):
    """They were not the same after all; status and labels are again those from before the merger."""

    widens: ClassVar[bool] = True
    type: Literal["organisation.unmerged.v1"] = "organisation.unmerged.v1"
    reason: Annotated[Text | None, SEALED] = None


class PlaceFields(DomainEvent):
    """`area` is the record's own p-code, or that of the nearest ancestor which has one."""

    name: Name
    alternative_names: tuple[Name, ...] = ()
    level: PlaceLevel
    pcode: Word | None = None
    area: Word | None = None
    parent_id: RecordId | None = None
    point: Point | None = None
    precision: Precision = Precision.UNKNOWN
    source: Text | None = None


class PlaceRegistered(PlaceFields, Labelled):
    type: Literal["place.registered.v1"] = "place.registered.v1"
    external_ids: tuple[ExternalId, ...] = ()


class PlaceAmended(PlaceFields):
    """All amendable fields as they stand from now on."""

    type: Literal["place.amended.v1"] = "place.amended.v1"


class PlaceRetired(DomainEvent):
    type: Literal["place.retired.v1"] = "place.retired.v1"
    reason: Text | None = None


class PlaceRelabelled(Relabelling):
    type: Literal["place.relabelled.v1"] = "place.relabelled.v1"
    reason: Annotated[Text | None, SEALED] = None


OrganisationEvent = (
    OrganisationRegistered
    | OrganisationAmended
    | OrganisationAliasAdded
    | OrganisationRetired
    | OrganisationRelabelled
    | OrganisationMerged
    | OrganisationUnmerged
)
PlaceEvent = PlaceRegistered | PlaceAmended | PlaceRetired | PlaceRelabelled
ContactsEvent = OrganisationEvent | PlaceEvent | PersonEvent | PostEvent | RecordEvent | AnyRemoval
