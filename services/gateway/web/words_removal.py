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
    "field": {
        "title": N_("Title"),
        "removal": N_("Removal"),
        "removal_refused": N_("Removal refused"),
    },
    "ground": {
        "erasure": N_("Erasure"),
        "spill": N_("Spill"),
    },
    "ground_long": {
        "erasure": N_(
            "For the sake of a person: the person asks for it, or there is no ground to keep it"
        ),
        "spill": N_(
            "It should never have stood here: too sensitive for this label, or for this system"
        ),
    },
    "removal_step": {
        "approved_at": N_("Approved by a second person"),
        "destroyed_at": N_("Keys destroyed in every service"),
        "refolded_at": N_("Lists, search and history made anew without it"),
        "done_at": N_("Nothing left in the files of the databases"),
    },
    "removal_step_long": {
        "approved_at": N_(
            "From here on nobody reads the record; others were told only that it is no longer for them."
        ),
        "destroyed_at": N_(
            "What they sealed stays closed to everybody, in the log of events and in the stream, too."
        ),
        "refolded_at": N_("With it go names noted at meetings. What was there before is deleted."),
        "done_at": N_(
            "Tables were written anew, statistics emptied, the log of the databases switched."
        ),
    },
    "removal_state": {
        "approved": N_("Keys are being destroyed"),
        "destroyed": N_("Being made anew without it"),
        "refolded": N_("Files are being cleared"),
        "done": N_("Done"),
    },
}
