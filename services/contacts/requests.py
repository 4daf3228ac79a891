"""What partners ask of organisations and places, as commands. A bare string is in their language."""

from services.contacts import organisation, place
from services.contacts.parents import Parent
from shared.api import contacts as api
from shared.api.common import LabelledRequest, Merge, Relabel, WithReason, as_name, as_text
from shared.contracts.contacts import OrganisationFields, PlaceFields
from shared.ids import RecordId
from shared.labels_asked import LabelsAsked
from shared.values import ExternalId, Text


def register_organisation(
    body: api.OrganisationFields, external_ids: tuple[ExternalId, ...], language: str
) -> organisation.RegisterOrganisation:
    return organisation.RegisterOrganisation(
        fields=_organisation_fields(body, language),
        labels=labels_of(body),
        external_ids=external_ids,
        retired=body.retired,
    )


def amend_organisation(
    body: api.OrganisationFields, language: str
) -> organisation.AmendOrganisation:
    return organisation.AmendOrganisation(
        fields=_organisation_fields(body, language), labels=labels_of(body), retired=body.retired
    )


def add_alias(body: api.AddAlias, language: str) -> organisation.AddAlias:
    return organisation.AddAlias(as_name(body.alias, language))


def merge_organisation(
    itself: RecordId, body: Merge, language: str
) -> organisation.MergeOrganisation:
    return organisation.MergeOrganisation(itself, body.into, text_of(body.reason, language))


def unmerge_organisation(body: WithReason, language: str) -> organisation.UnmergeOrganisation:
    return organisation.UnmergeOrganisation(text_of(body.reason, language))


def retire_organisation(body: WithReason, language: str) -> organisation.RetireOrganisation:
    return organisation.RetireOrganisation(text_of(body.reason, language))


def relabel_organisation(body: Relabel, language: str) -> organisation.RelabelOrganisation:
    return organisation.RelabelOrganisation(labels_of(body), text_of(body.reason, language))


def register_place(
    body: api.PlaceFields,
    parent: Parent,
    external_ids: tuple[ExternalId, ...],
    language: str,
) -> place.RegisterPlace:
    return place.RegisterPlace(
        fields=_place_fields(body, parent, language),
        labels=labels_of(body),
        external_ids=external_ids,
        retired=body.retired,
        parent_field=parent.field,
    )


def amend_place(body: api.PlaceFields, parent: Parent, language: str) -> place.AmendPlace:
    return place.AmendPlace(
        fields=_place_fields(body, parent, language),
        labels=labels_of(body),
        retired=body.retired,
        parent_field=parent.field,
    )


def retire_place(body: WithReason, language: str) -> place.RetirePlace:
    return place.RetirePlace(text_of(body.reason, language))


def relabel_place(body: Relabel, language: str) -> place.RelabelPlace:
    return place.RelabelPlace(labels_of(body), text_of(body.reason, language))


def _organisation_fields(body: api.OrganisationFields, language: str) -> OrganisationFields:
    return OrganisationFields(
        organisation_kind=body.organisation_kind,
        name=as_name(body.name, language),
        short_name=as_name(body.short_name, language) if body.short_name else None,
        aliases=tuple(as_name(alias, language) for alias in body.aliases),
        affiliation=body.affiliation,
        note=text_of(body.note, language),
    )


def _place_fields(body: api.PlaceFields, parent: Parent, language: str) -> PlaceFields:
    return PlaceFields(
        name=as_name(body.name, language),
        alternative_names=tuple(as_name(name, language) for name in body.alternative_names),
        level=body.level,
        pcode=body.pcode,
        area=body.pcode or parent.area,
        parent_id=parent.id,
        point=body.point,
        precision=body.precision,
        source=text_of(body.source, language),
    )


def text_of(value: Text | str | None, language: str) -> Text | None:
    return as_text(value, language) if value else None


def labels_of(body: LabelledRequest | Relabel) -> LabelsAsked:
    return LabelsAsked(body.label, body.group_labels)
