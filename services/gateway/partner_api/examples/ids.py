"""Ids that examples name. Nobody has such records."""

from typing import Any

from shared.ids import LENGTH, Kind

Json = dict[str, Any]  # Any: JSON


def _an_id(kind: Kind, number: int) -> str:
    return f"{kind}_{number:0{LENGTH}d}"


ORGANISATION = _an_id(Kind.ORGANISATION, 1)
OTHER_ORGANISATION = _an_id(Kind.ORGANISATION, 2)
PLACE = _an_id(Kind.PLACE, 1)
PERSON = _an_id(Kind.PERSON, 1)
OTHER_PERSON = _an_id(Kind.PERSON, 2)
POST = _an_id(Kind.POST, 1)
ENGAGEMENT = _an_id(Kind.ENGAGEMENT, 1)
EXTRACT = _an_id(Kind.ENGAGEMENT, 2)
COMMITMENT = _an_id(Kind.COMMITMENT, 1)
ATTACHMENT = _an_id(Kind.ATTACHMENT, 1)
PARTNER = _an_id(Kind.PARTNER, 1)
ACCOUNT = _an_id(Kind.ACCOUNT, 1)
CLIENT = _an_id(Kind.CLIENT, 1)
GLASS = _an_id(Kind.GLASS, 1)
