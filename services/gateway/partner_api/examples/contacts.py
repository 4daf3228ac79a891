"""Examples of what partners send about organisations and places."""

from pydantic import BaseModel

from services.gateway.partner_api.examples.ids import ORGANISATION, Json
from shared.api import contacts

_ORGANISATION: Json = {
    "name": "Invented Relief Committee",
    "organisation_kind": "ngo",
    "short_name": "IRC-X",
    "aliases": ["Relief Committee of Akobo"],
}
_PLACE: Json = {
    "name": "Invented Crossing",
    "level": "settlement",
    "point": {"lat": 9.53, "lon": 31.65},
    "precision": "settlement",
    "source": "An invented survey",
}

EXAMPLES: dict[type[BaseModel], Json] = {
    contacts.RegisterOrganisation: {
        **_ORGANISATION,
        "external_ids": [{"system": "partner", "id": "irc-17"}],
    },
    contacts.AmendOrganisation: {**_ORGANISATION, "affiliation": ORGANISATION},
    contacts.OrganisationFields: {
        **_ORGANISATION,
        "label": {"level": "unclassified", "releasable_to": [["un"], ["ngo"]]},
    },
    contacts.AddAlias: {"alias": {"text": "لجنة الإغاثة", "lang": "ar", "script": "Arab"}},
    contacts.RegisterPlace: {
        **_PLACE,
        "external_ids": [{"system": "partner", "id": "crossing-4"}],
    },
    contacts.AmendPlace: {**_PLACE, "alternative_names": ["Old Crossing"]},
    contacts.PlaceFields: _PLACE,
}
