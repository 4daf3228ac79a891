"""Examples of what partners send about people and posts. The people are invented."""

from pydantic import BaseModel

from services.gateway.partner_api.examples.ids import ORGANISATION, PERSON, Json
from shared.api import people

_PERSON: Json = {
    "described_as": "Paramount chief, Akobo",
    "identity": {"name": "Deng Invented", "aliases": [{"name": "Abu Deng"}]},
    "private": {"contact_details": [{"means": "mobile", "value": "+211 900 000 001"}]},
}
_POST: Json = {"name": "County commissioner, Akobo", "area": "SS0303"}
_LANGUAGE: Json = {
    "language": "ara",
    "profile": {"listening": "3", "speaking": "2+", "reading": "2", "writing": "1"},
    "basis": "observed",
    "assessed_on": "2030-01-02",
}

EXAMPLES: dict[type[BaseModel], Json] = {
    people.RegisterPerson: {
        **_PERSON,
        "languages": [_LANGUAGE],
        "external_ids": [{"system": "partner", "id": "chief-3"}],
    },
    people.AmendPerson: {"described_as": "Former paramount chief, Akobo"},
    people.PersonFields: _PERSON,
    people.Rename: {"name": "Deng Invented", "form_of_address": "Chief"},
    people.AddPersonAlias: {"alias": {"name": "Abu Deng", "alias_kind": "nickname"}},
    people.AssessLanguage: _LANGUAGE,
    people.Tie: {"organisation_id": ORGANISATION, "tie": "speaks_for", "since": "2030-01-02"},
    people.Untie: {"organisation_id": ORGANISATION, "tie": "speaks_for"},
    people.NoteProtocol: {
        "notes": [{"topic": "greeting", "text": "Greets with the right hand on the heart."}]
    },
    people.NotePrivate: {
        "contact_details": [{"means": "radio", "value": "Channel 4, after six"}],
        "private_note": "Through his nephew only.",
    },
    people.ReadPrivate: {"reason": "To move tomorrow's meeting"},
    people.CreatePost: {**_POST, "external_ids": [{"system": "partner", "id": "post-9"}]},
    people.AmendPost: {**_POST, "organisation_id": ORGANISATION},
    people.PostFields: _POST,
    people.TakePost: {"person_id": PERSON, "since": "2030-01-02"},
    people.LeavePost: {"person_id": PERSON, "until": "2030-06-30", "reason": "Called to Juba"},
}
