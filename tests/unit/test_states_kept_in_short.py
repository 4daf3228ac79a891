"""Every kind's state can be kept as a snapshot: it reads back as the very same."""

import json
from functools import reduce
from pathlib import Path
from typing import Any, get_args

import pytest

from services.contacts.organisation import organisation
from services.contacts.person import person
from services.contacts.place import place
from services.contacts.post import post
from services.engagements.attachment import attachment
from services.engagements.commitment import commitment
from services.engagements.engagement import engagement
from services.gateway.access.account import account
from services.gateway.access.client import client
from services.gateway.access.partner import partner
from services.gateway.viewing.viewing import viewing
from shared.contracts.commitments import AttachmentEvent, CommitmentEvent
from shared.contracts.contacts import OrganisationEvent, PlaceEvent
from shared.contracts.engagements import EngagementEvent
from shared.contracts.event import Group
from shared.contracts.gateway import AccountEvent, ClientEvent, PartnerEvent
from shared.contracts.people import PersonEvent
from shared.contracts.posts import PostEvent
from shared.contracts.records import RecordEvent
from shared.contracts.viewing import ViewingEvent
from shared.event_types import event_types
from shared.handling import Handling, handled
from shared.ids import Kind, RecordId
from shared.labels import label
from shared.record_state import RecordState
from shared.snapshots import in_short

SAMPLES = Path(__file__).parents[1] / "contracts/events"
KINDS = (
    (organisation, OrganisationEvent, "organisation.registered.v1"),
    (place, PlaceEvent, "place.registered.v1"),
    (person, PersonEvent, "person.registered.v1"),
    (post, PostEvent, "post.created.v1"),
    (engagement, EngagementEvent, "engagement.planned.v1"),
    (commitment, CommitmentEvent, "commitment.given.v1"),
    (attachment, AttachmentEvent, "attachment.added.v1"),
    (account, AccountEvent, "account.enrolled.v1"),
    (client, ClientEvent, "client.registered.v1"),
    (partner, PartnerEvent, "partner.admitted.v1"),
    (viewing, ViewingEvent, "viewing.began.v1"),
)
OWNER = RecordId.new(Kind.ORGANISATION)
LABELS = {
    Group.BASE: label({"un": 1}, [["community:mil"], ["org:a", "org:b"]], ["OWN_SIDE"]),
    Group.HANDLING: label({}, [[f"org:{OWNER}"]]),
}


def sample(union: Any, type_: str) -> Any:  # Any: events of some kind
    shape = event_types(union)[type_]
    stored = json.loads((SAMPLES / f"{type_}.json").read_text("utf-8"))
    return shape.model.model_validate(shape.current(stored))


def types_of(union: Any) -> list[str]:  # Any: as above
    return [model.model_fields["type"].default for model in get_args(union)]


EVERY_EVENT = [
    pytest.param(decider, union, first, type_, id=type_)
    for decider, union, first in KINDS
    for type_ in types_of(union)
]


@pytest.mark.parametrize(("decider", "union", "first", "type_"), EVERY_EVENT)
def test_the_state_after_any_event_reads_back_the_same(decider, union, first, type_) -> None:
    events = [sample(union, first), *([sample(union, type_)] if type_ != first else [])]
    state = reduce(decider.evolve, events, decider.initial)
    record = RecordState(RecordId.new(decider.kind), state, 7, OWNER, LABELS, frozenset({"a", "b"}))
    assert in_short(decider, record) is not None


@pytest.mark.parametrize("type_", types_of(RecordEvent))
def test_how_a_record_is_handled_reads_back_the_same(type_) -> None:
    handling = handled(Handling(), sample(RecordEvent, type_), "somebody")
    record = RecordState(
        RecordId.new(Kind.PLACE), place.initial, 2, OWNER, LABELS, handling=handling, removed=True
    )
    assert in_short(place, record) is not None
