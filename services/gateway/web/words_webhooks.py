"""What webhooks are called: how they stand and why, and what became of a message."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

ALL: Mapping[str, Mapping[str, str]] = {
    "webhook_state": {
        "pending": N_("Not proved yet"),
        "active": N_("Active"),
        "disabled": N_("Stopped"),
    },
    "webhook_why": {
        "owner": N_("Somebody of its owner stopped it. It goes on where it stopped."),
        "gone": N_("Its receiver answered 410: it is gone, and wants no more."),
        "window_over": N_("Its receiver accepted nothing for a whole day."),
    },
    "message_state": {
        "waiting": N_("Waiting"),
        "delivered": N_("Delivered"),
        "withdrawn": N_("Withdrawn: no longer releasable to its receiver"),
    },
    "attempt": {
        "no_connection": N_("no connection"),
        "timeout": N_("no answer in time"),
        "tls": N_("the certificate is not in order"),
        "not_http": N_("it does not speak HTTP"),
    },
    "message_type": {
        "parley.webhook.ping": N_("Test"),
        "parley.webhook.challenge": N_("Challenge"),
    },
}
