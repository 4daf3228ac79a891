"""Examples of labels in the words of others."""

from datetime import UTC, datetime

from pydantic import BaseModel

from services.gateway.labelling.schemas import TranslateLabel
from services.gateway.partner_api.examples.ids import ORGANISATION, Json
from shared.stanag4774 import Category, CategoryType, Confidentiality, written

_LABEL: Json = {"level": "confidential", "releasable_to": [["mission", "mil", "un"]], "caveats": []}
_GIVEN, _REVIEW = datetime(2030, 1, 2, 9, tzinfo=UTC), datetime(2050, 1, 2, 9, tzinfo=UTC)
_AUDIENCE = Category(
    CategoryType.PERMISSIVE, "Releasable to", ("mil", "mission", f"org:{ORGANISATION}", "un")
)
_OURS = Confidentiality("UN", "CONFIDENTIAL", (_AUDIENCE,))
_THEIRS = Confidentiality("TLP", "AMBER", ())

EXAMPLES: dict[type[BaseModel], Json] = {
    TranslateLabel: {"marking": {"policy": "tlp", "marking": "TLP:AMBER"}},
}
SHOWN: dict[str, Json] = {
    "LabelTold": {
        "label": _LABEL,
        "stanag4774": written(_OURS, _GIVEN, _REVIEW),
        "equivalents": [
            {
                "policy": "tlp",
                "name": "TLP 2.0",
                "marking": "AMBER",
                "stanag4774": written(_THEIRS, _GIVEN, _REVIEW, alternative=True),
            }
        ],
        "left_out": [],
    },
    "PolicyTold": {
        "id": "un",
        "version": 1,
        "mission": "Liaison mission",
        "levels": [
            {
                "id": "confidential",
                "ordinal": 2,
                "name": "Confidential",
                "short": "C",
                "colour": "#0033a0",
            }
        ],
        "communities": {"mil": "Military component", "all": "Everyone with an account"},
        "caveats": {"SOURCE": "Source protection"},
        "defaults": {"engagement": {"base": {"level": "unclassified", "releasable_to": [["mil"]]}}},
        "markings": [
            {
                "policy": "tlp",
                "name": "TLP 2.0",
                "version": "2.0",
                "markings": [{"marking": "AMBER", "stands_for": _LABEL}],
                "refused": [],
            }
        ],
    },
}
