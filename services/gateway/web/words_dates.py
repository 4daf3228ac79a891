"""What the dates of a record's label are called, and what its release says in its history."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "event": {
        "record.release_scheduled.v1": N_("Release approved for a later date"),
        "record.scheduled.v1": N_("Dates of the label set"),
        "record.declassified.v1": N_("Opened on its date"),
        "record.expired.v1": N_("Expired on its date"),
    },
    "field": {
        "dates": N_("Dates of the label"),
        "waiting": N_("Release that waits"),
        "refused": N_("Refused because"),
        "marked": N_("Handling"),
    },
    "filter": {"review_by": N_("To review by"), "owner": N_("Owner")},
    "group": {"handling": N_("Release and dates")},
    "number": {"reviews_due": N_("Labels to review")},
}
