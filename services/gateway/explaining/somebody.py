"""Somebody of an audience and of nothing else: as whom it is asked what others see. Pure."""

from collections.abc import Iterable, Mapping

from shared.ids import RecordId
from shared.principal import Principal

ORGANISATION = "org:"
# No account has an empty name, so that nothing of anybody's own is this one's.
NOBODY = ""
# Belongs to no organisation: what a community sees is seen as by somebody of it and nothing else.
NO_ORGANISATION = RecordId.parse("organisation_00000000000000000000000000")


def somebody(audience: str, levels: Mapping[str, int], caveats: Iterable[str] = ()) -> Principal:
    """`audience`: a community, or `org:` and an organisation's id; `levels`: ordinals by policy.

    Of all who may read by this audience, to these levels and with these caveats, one who gets the least.
    """
    organisation = organisation_of(audience)
    return Principal(
        NOBODY,
        organisation or NO_ORGANISATION,
        NOBODY,
        communities=frozenset() if organisation else frozenset({audience}),
        caveats=frozenset(caveats),
        levels=dict(levels),
    )


def organisation_of(audience: str) -> RecordId | None:
    """None for a community. Raises ValueError when it is no organisation's id."""
    if not audience.startswith(ORGANISATION):
        return None
    return RecordId.parse(audience.removeprefix(ORGANISATION))
