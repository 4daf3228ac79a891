"""A view as it leaves: without the services' own numbers, with the version of what its reader sees."""

from collections.abc import Mapping
from typing import Any

from services.gateway.partner_api.etags import version_of_view

INTERNAL = frozenset({"view_version", "source_version"})
ALWAYS = frozenset({"id", "kind", "version", "label", "tags", "coarse"})

View = dict[str, Any]  # Any: a record's JSON


def rendered(secret: bytes, view: Mapping[str, Any], fields: frozenset[str] | None = None) -> View:
    """`fields` keeps those top-level fields only, and what a reader must have to handle the record."""
    shown = {name: value for name, value in view.items() if name not in INTERNAL}
    shown["version"] = version_of_view(secret, view)
    if fields is None:
        return shown
    return {name: value for name, value in shown.items() if name in fields | ALWAYS}
