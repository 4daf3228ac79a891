"""A post as viewers see it: the office in the base, its holders over time in the identity group."""

from typing import assert_never

from services.reporting.records.document import Contents, Fields, listed
from shared.contracts.event import Group
from shared.contracts.posts import (
    PostAmended,
    PostCreated,
    PostEvent,
    PostLeft,
    PostRelabelled,
    PostRetired,
    PostTaken,
)


def post(before: Contents, event: PostEvent) -> Contents:
    """What each group holds after `event`. Holders stand in the order in which they took the post."""
    base = before.get(Group.BASE) or {}
    match event:
        case PostCreated():
            return {
                Group.BASE: _fields(event) | {"status": "active"} | listed(event, "external_ids")
            }
        case PostAmended():
            return {**before, Group.BASE: base | _fields(event)}
        case PostRetired():
            retired = {"status": "retired"} | listed(event, "reason")
            return {**before, Group.BASE: base | retired}
        case PostTaken():
            return {**before, Group.IDENTITY: {"holders": [*_holders(before), _holder(event)]}}
        case PostLeft():
            return {**before, Group.IDENTITY: {"holders": _left(_holders(before), event)}}
        case PostRelabelled():
            return before
        case _:
            assert_never(event)


def _fields(event: PostCreated | PostAmended) -> Fields:
    found = listed(event, "name", "organisation_id", "place_id", "area", "note")
    return found | {"title": found["name"]}


def _holders(before: Contents) -> list[Fields]:
    return list((before.get(Group.IDENTITY) or {}).get("holders", ()))


def _holder(event: PostTaken) -> Fields:
    return listed(event, "person_id", "since", "acting") | {"until": None}


def _left(holders: list[Fields], event: PostLeft) -> list[Fields]:
    told = listed(event, "until", "reason")
    return [
        one | told if one["person_id"] == str(event.person_id) and one["until"] is None else one
        for one in holders
    ]
