"""An attachment as viewers see it: what it is and what it belongs to; its content is fetched apart."""

from typing import assert_never

from services.reporting.records.document import Contents, listed
from shared.contracts.commitments import (
    AttachmentAdded,
    AttachmentEvent,
    AttachmentRelabelled,
    AttachmentWithdrawn,
)
from shared.contracts.event import Group


def attachment(before: Contents, event: AttachmentEvent) -> Contents:
    """What each group holds after `event`."""
    match event:
        case AttachmentAdded():
            found = listed(event, "of", "name", "media_type", "size_bytes", "digest")
            return {Group.BASE: found | {"title": found["name"], "status": "active"}}
        case AttachmentWithdrawn():
            base = before.get(Group.BASE) or {}
            withdrawn = {"status": "withdrawn"} | listed(event, "reason")
            return {Group.BASE: base | withdrawn}
        case AttachmentRelabelled():
            return before
        case _:
            assert_never(event)
