"""What jobs are called: what is done, how they stand, and why they were stopped."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "job_work": {"export": N_("Export"), "import": N_("Import")},
    "job_state": {
        "receiving": N_("Being received"),
        "waiting": N_("Waiting its turn"),
        "running": N_("Under way"),
        "done": N_("Done"),
        "cancelled": N_("Stopped by you"),
        "stopped": N_("Stopped"),
    },
    "job_why": {
        "revoked": N_("You were no longer let in. What was written before stands."),
        "fault": N_("The fault is on our side. What was written before stands."),
        "too_many": N_("It finds more records than one file may hold. Narrow its filters."),
    },
    "job_format": {
        "ndjson": N_("one JSON object a line"),
        "csv": N_("a table (CSV)"),
        "hxl": N_("a table with HXL hashtags"),
    },
    "job_records": {
        "organisations": N_("Organisations"),
        "places": N_("Places"),
        "people": N_("People"),
        "posts": N_("Posts"),
        "engagements": N_("Engagements"),
        "commitments": N_("Commitments"),
    },
}
