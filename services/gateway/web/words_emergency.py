"""What emergency access is called: how long, how it stands, what was found."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "minutes": {
        "30": N_("30 minutes"),
        "60": N_("1 hour"),
        "120": N_("2 hours"),
        "240": N_("4 hours"),
    },
    "finding": {"justified": N_("Justified"), "not_justified": N_("Not justified")},
    "emergency": {"open": N_("Open now"), "waiting": N_("To be reviewed")},
}
