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
    "release_answer": ANSWER,
    "filter": {"release_waits": N_("A release waits")},
}
