"""What jobs are called: what is done, how they stand, and why they were stopped."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

# What is wrong with a file as a whole, by the code it is refused with.
IMPORT_WRONG: Mapping[str, str] = {
    "no_file": N_("Choose a file first."),
    "no_records": N_("Choose what the rows are."),
    "ending_unknown": N_("Send a table (.csv), or one JSON object a line (.ndjson, .jsonl)."),
    "ending_mismatch": N_("What is in the file is not what its ending says."),
    "not_a_table": N_("It is no table, or not one of its columns is understood."),
    "not_utf8": N_("Its first lines are not UTF-8. Save it as UTF-8 and send it again."),
    "no_rows": N_("There are no rows in it."),
    "too_large": N_("It is larger than 10 MB, or a row of it is too long."),
    "system_required": N_("The rows have ids of their own: say whose they are."),
    "system_invalid": N_("Lower-case letters, digits, '.', '_' and '-' only."),
}
ALL: Mapping[str, Mapping[str, str]] = {
    "job_work": {"export": N_("Export"), "import": N_("Import"), "check": N_("Check of an import")},
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
