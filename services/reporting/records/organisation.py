"""An organisation as viewers see it."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed, unmerged
from shared.contracts.contacts import (
    OrganisationAliasAdded,
    OrganisationAmended,
    OrganisationEvent,
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationRelabelled,
    OrganisationRetired,
    OrganisationUnmerged,
)
from shared.contracts.event import Group


def organisation(before: Contents, event: OrganisationEvent) -> Contents:
    """What each group holds after `event`."""
    base = before.get(Group.BASE) or {}
    match event:
        case OrganisationRegistered():
            return {
                Group.BASE: _fields(event) | {"status": "active"} | listed(event, "external_ids")
            }
        case OrganisationAmended():
            return {Group.BASE: base | _fields(event)}
        case OrganisationAliasAdded():
            alias = listed(event, "alias")["alias"]
            return {Group.BASE: base | {"aliases": [*base["aliases"], alias]}}
        case OrganisationRetired():
            return {Group.BASE: base | {"status": "retired"} | listed(event, "reason")}
        case OrganisationMerged(into=into):
            merged = {"status": "merged", "merged_from": base["status"], "merged_into": str(into)}
            return {Group.BASE: base | merged}
        case OrganisationUnmerged():
            return {Group.BASE: unmerged(base)}
        case OrganisationRelabelled():
            return before
        case _:
            assert_never(event)


def _fields(event: OrganisationRegistered | OrganisationAmended) -> Fields:
    found = listed(
        event, "organisation_kind", "name", "short_name", "aliases", "affiliation", "note"
    )
    return found | {"title": found["name"]}
