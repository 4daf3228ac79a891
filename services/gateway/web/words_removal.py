"""What removing a record's content is called, step by step."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "status": {"removed": N_("Content removed")},
    "event": {
        "record.removal_asked.v1": N_("Removal asked for"),
        "record.removal_refused.v1": N_("Removal refused"),
        "record.removed.v1": N_("Content removed"),
    },
    "field": {"removal": N_("Removal")},
}
