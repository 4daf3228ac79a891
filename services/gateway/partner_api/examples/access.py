"""Examples of what administrators ask of access."""

from pydantic import BaseModel

from services.gateway.access_api import requests as api
from services.gateway.partner_api.examples.ids import ACCOUNT, ORGANISATION, Json

_PERSON: Json = {
    "username": "jo.invented",
    "display_name": "Jo Invented",
    "organisation_id": ORGANISATION,
    "language": "fr",
    "reason": "Joins the liaison cell",
}

EXAMPLES: dict[type[BaseModel], Json] = {
    api.Reasoned: {"reason": "Asked for by the head of office, 2 January"},
    api.AdmitPartner: {
        "organisation_id": ORGANISATION,
        "name": "Invented Relief Committee",
        "level": "unclassified",
        "reason": "Information-sharing protocol of 2 January",
    },
    api.SetLevel: {"level": "confidential", "reason": "Cleared on 2 January"},
    api.AmendAccount: _PERSON,
    api.EnrolAccount: {**_PERSON, "level": "unclassified"},
    api.GrantAccess: {
        "kind": "community",
        "name": "un",
        "expires_at": "2030-12-31T23:00:00Z",
        "reason": "Seconded for a year",
    },
    api.RevokeGrant: {"kind": "community", "name": "un", "reason": "The secondment is over"},
    api.RemovePasskey: {"passkey_id": "5c1f", "reason": "The device was lost"},
    api.LinkIdentity: {
        "issuer": "https://login.mission.example",
        "kind": "email",
        "identity": "jo@mission.example",
        "reason": "Signs in with the mission's own account",
    },
    api.UnlinkIdentity: {"identity_id": "9f2c6a", "reason": "Left the mission"},
    api.RegisterClient: {
        "account_id": ACCOUNT,
        "name": "Reporting system of the cell",
        "level": "unclassified",
        "reason": "Agreed with the integration team",
    },
    api.AddSecret: {"overlap_hours": 24, "reason": "Yearly change"},
    api.AddKey: {
        "public_key": {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        },
        "reason": "Yearly change",
    },
    api.EndCredential: {"credential_id": "7c2e", "reason": "It was sent by mail"},
}
