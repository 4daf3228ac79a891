"""Parameters that lists of access records are narrowed by, each with an example."""

from services.gateway.access_api.filtering import FILTERS, SUSPENDED
from services.gateway.partner_api.examples.ids import ORGANISATION
from services.gateway.partner_api.openapi_parameters import FILLED, MOMENT, query
from services.gateway.partner_api.openapi_parts import Json
from shared.ids import Kind

_HELD = "that stands and has not expired; a client's are its person's."
_TOLD: dict[str, tuple[str, Json, str]] = {
    "q": ("Part of a name or id, in capitals or not.", FILLED, "invented"),
    "status": (
        "How the record itself stands. Whoever is suspended with an organisation or a person is `active`.",
        {"enum": sorted(SUSPENDED)},
        "active",
    ),
    "level": ("Id of the highest level it gives.", FILLED, "unclassified"),
    "organisation": ("Id of the person's organisation.", FILLED, ORGANISATION),
    "role": (f"Id of a role {_HELD}", FILLED, "liaison_officer"),
    "community": (f"Id of a community {_HELD}", FILLED, "un"),
    "caveat": (f"Id of a caveat {_HELD}", FILLED, "PROTECTION"),
    "expires_by": (
        "A grant of the person's ends after now and not after this moment.",
        MOMENT,
        "2031-01-01T00:00:00Z",
    ),
    "account": ("`account_id` of the person it acts for.", FILLED, "account-7"),
}


def access_filters(kind: Kind) -> list[Json]:
    return [_told(name) for name in _TOLD if name in FILTERS[kind]] + query(
        "page_size", "cursor", "count"
    )


def _told(name: str) -> Json:
    words, schema, example = _TOLD[name]
    told = {"name": name, "in": "query", "description": words, "schema": schema}
    return told | {"example": example}
