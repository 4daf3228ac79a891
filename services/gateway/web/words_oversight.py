"""What the ways of reading are called."""

from collections.abc import Mapping

from services.gateway.web.marking import N_

WAY: Mapping[str, str] = {
    "read": N_("By a machine, as one record"),
    "list": N_("By a machine, in a list"),
    "history": N_("By a machine, with its history"),
    "file": N_("As a file"),
    "feed": N_("In the feed of changes"),
    "webhook": N_("By a webhook"),
    "page": N_("On a page"),
}
ALL: Mapping[str, Mapping[str, str]] = {"way": WAY}
