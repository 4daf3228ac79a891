"""What releasing a record is called."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ANSWER: Mapping[str, str] = {
    "approve": N_("Approve the release"),
    "agree": N_("Agree to the release"),
    "refuse": N_("Refuse it"),
    "withdraw": N_("Ask for it no longer"),
}
ALL: Mapping[str, Mapping[str, str]] = {
    "event": {
        "record.extract_requested.v1": N_("Extract asked for"),
        "record.extract_allowed.v1": N_("Extract approved"),
        "record.extracted.v1": N_("Extract made"),
        "record.extract_checked.v1": N_("Extract checked"),
    },
    "field": {"extract_allowed": N_("Extract that may be made")},
    "release_answer": ANSWER,
    "filter": {
        "release_waits": N_("A release waits"),
        "source_changed": N_("Its source has changed"),
    },
}
