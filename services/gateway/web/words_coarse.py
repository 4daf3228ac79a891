"""In which form somebody is told what he may not see exactly."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "coarse": {
        "day": N_("day only"),
        "district": N_("district only"),
        "role": N_("role only"),
    },
    "group": {"time": N_("Exact time"), "place": N_("Place")},
}
