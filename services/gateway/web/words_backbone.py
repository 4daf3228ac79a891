"""What the parts of the backbone and their states are called."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

STREAM_STATE: Mapping[str, str] = {
    "ok": N_("Carries events on"),
    "standby": N_("Stands by: another replica carries events on"),
    "waiting": N_("Not connected to the bus"),
    "failing": N_("Cannot carry events on just now"),
    "halted": N_("Halted: stream and store disagree"),
}
PROJECTION: Mapping[str, str] = {
    "records": N_("Records"),
    "overrides": N_("Changes of labels"),
}
ALL: Mapping[str, Mapping[str, str]] = {"stream_state": STREAM_STATE, "projection": PROJECTION}
