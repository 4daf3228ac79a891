"""What tests tell of people, and who asks for them."""

from typing import Any

from tests.service.deciding_world import Caller, an_organisation

CHIEF = {"described_as": "Paramount chief, Akobo"}
DENG = {"name": "Deng Invented", "aliases": [{"name": "دينق", "transliteration": "Abu Deng"}]}
PHONE = {"contact_details": [{"means": "mobile", "value": "+211 900 000 001"}]}
FLUENT = {"listening": "5", "speaking": "5", "reading": "2+", "writing": "1"}
NUER = {"language": "nus", "profile": FLUENT}
ALL = {"level": "unclassified", "releasable_to": [["all"]]}
MILITARY = {"level": "confidential", "releasable_to": [["mil"]]}
UNKNOWN_FIELD = "unknown_field"


def told(**more: Any) -> dict[str, Any]:
    return CHIEF | {"identity": DENG, "private": PHONE, "languages": [NUER]} | more


def a_stranger(contacts: Caller, **more: Any) -> Caller:
    """Of another organisation and community; reads what is released to all."""
    return contacts.but(
        organisation=an_organisation(), communities=frozenset({"ngo"}), caveats=frozenset(), **more
    )
