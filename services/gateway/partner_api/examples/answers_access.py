"""Examples of what administrators are told of access, by the plural of the family."""

from services.gateway.partner_api.examples.ids import (
    ACCOUNT,
    CLIENT,
    ORGANISATION,
    PARTNER,
    Json,
)

_COMMON: Json = {"version": 3, "level": "unclassified", "suspended": False}

ENTITLED: dict[str, Json] = {
    "partners": _COMMON
    | {"id": PARTNER, "organisation_id": ORGANISATION, "name": "Invented Relief Committee"},
    "people": _COMMON
    | {
        "id": ACCOUNT,
        "account_id": "account-7",
        "username": "jo.invented",
        "display_name": "Jo Invented",
        "organisation_id": ORGANISATION,
        "language": "fr",
        "grants": [{"kind": "community", "name": "un", "expires_at": "2030-12-31T23:00:00Z"}],
        "password_set_at": "2030-01-02T09:00:00Z",
        "identities": [],
        "passkeys": [],
    },
    "clients": _COMMON
    | {
        "id": CLIENT,
        "client_id": "client-7",
        "account_id": ACCOUNT,
        "name": "Reporting system of the cell",
        "credentials": [],
    },
}
CHANGED: Json = {
    "type": "account.cleared.v1",
    "at": "2030-01-02T09:00:00Z",
    "by": "account-1",
    "reason": "Cleared on 2 January",
    "fields": {"level": "confidential"},
}


def done(plural: str) -> Json:
    return {"id": ENTITLED[plural]["id"], "version": "v7Kq2", "outcome": "amended"}
