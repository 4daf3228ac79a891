"""A person as viewers see them, in their groups. Private details are never kept here: contacts alone shows
them, one recorded reading each."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed, unmerged
from shared.contracts.event import Group
from shared.contracts.people import (
    LanguageAssessed,
    PersonAliasAdded,
    PersonAmended,
    PersonEvent,
    PersonMerged,
    PersonNamed,
    PersonRegistered,
    PersonRelabelled,
    PersonRetired,
    PersonTied,
    PersonUnmerged,
    PersonUntied,
    PrivateDetailsNoted,
    PrivateDetailsRead,
    ProtocolNoted,
)

_OfTheBase = (
    PersonAmended
    | PersonRetired
    | LanguageAssessed
    | PersonTied
    | PersonUntied
    | PersonMerged
    | PersonUnmerged
)


def person(before: Contents, event: PersonEvent) -> Contents:
    """What each group holds after `event`."""
    match event:
        case PersonRegistered():
            first = {"status": "active", "languages": [], "ties": []}
            return {Group.BASE: _fields(event) | first | listed(event, "external_ids")}
        case PersonNamed():
            named = listed(event, "name", "aliases", "form_of_address")
            return {**before, Group.IDENTITY: named}
        case PersonAliasAdded():
            known = before.get(Group.IDENTITY) or {}
            aliases = [*known.get("aliases", ()), listed(event, "alias")["alias"]]
            return {**before, Group.IDENTITY: known | {"aliases": [one for one in aliases if one]}}
        case ProtocolNoted():
            noted = listed(event, "notes")
            return {**before, Group.PROTOCOL: noted if noted["notes"] else None}
        case PersonRelabelled() | PrivateDetailsNoted() | PrivateDetailsRead():
            return before
        case _:
            return {**before, Group.BASE: _base(before.get(Group.BASE) or {}, event)}


def _base(base: Fields, event: _OfTheBase) -> Fields:
    match event:
        case PersonAmended():
            return base | _fields(event)
        case PersonRetired():
            return base | {"status": "retired"} | listed(event, "reason")
        case LanguageAssessed(language=language):
            others = [one for one in base["languages"] if one["language"] != language]
            spoken = event.model_dump(mode="json", exclude={"type"})
            return base | {"languages": sorted([*others, spoken], key=lambda one: one["language"])}
        case PersonTied():
            tie = event.model_dump(mode="json", exclude={"type"})
            return base | {"ties": [*_other_ties(base, event), tie]}
        case PersonUntied():
            return base | {"ties": _other_ties(base, event)}
        case PersonMerged(into=into):
            merged = {"status": "merged", "merged_from": base["status"], "merged_into": str(into)}
            return base | merged
        case PersonUnmerged():
            return unmerged(base)
        case _:
            assert_never(event)


def _fields(event: PersonRegistered | PersonAmended) -> Fields:
    found = listed(event, "described_as", "note")
    return found | {"title": found["described_as"]}


def _other_ties(base: Fields, event: PersonTied | PersonUntied) -> list[Fields]:
    this = (str(event.organisation_id), event.tie)
    return [one for one in base["ties"] if (one["organisation_id"], one["tie"]) != this]
