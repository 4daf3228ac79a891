"""What must hold of a history once it is at rest: I1, I3-I10, I13 and I14 of the invariants."""

from collections import Counter
from collections.abc import Iterator

from shared.bus import from_message
from shared.eventstore.model import NO_HASH, Recorded, hash_of
from tests.simulation.bus import Message
from tests.simulation.world import ADDRESS, PROJECTION, SOURCE, World


def is_settled(world: World) -> bool:
    """Stream and projection have reached the head, and no stranger's message is left to be healed."""
    stream = world.server.streams.get(ADDRESS.stream)
    if stream is None or None in map(_read, stream.messages.values()):
        return False
    reached = world.database.checkpoints.get((PROJECTION, SOURCE), (0, 0))[1]
    head = world.database.head
    whole = len(stream.messages) == stream.last == head
    return whole and reached == head


def breaches(world: World) -> list[str]:
    """Every invariant that does not hold, in words."""
    return [*_of_the_log(world), *_of_commands(world), *_of_the_stream(world), *_of_rows(world)]


def _of_the_log(world: World) -> Iterator[str]:
    events = world.database.events
    places = [(event.epoch, event.position) for event in events]
    if [event.position for event in events] != list(range(1, len(events) + 1)):
        yield "I1: positions have gaps"
    if places != sorted(set(places)):
        yield "I14: a place is taken twice, or the epoch fell"
    for stream in {event.stream_id for event in events}:
        versions = [event.version for event in events if event.stream_id == stream]
        if versions != list(range(1, len(versions) + 1)):
            yield f"I3: versions of {stream} have gaps"
    previous = [NO_HASH, *(event.hash for event in events)]
    for event, before in zip(events, previous, strict=False):
        if event.prev_hash != before or event.hash != hash_of(event):
            yield f"I4: the chain breaks at {event.position}"


def _of_commands(world: World) -> Iterator[str]:
    """I5 and I6: every acknowledged command is there once, and was answered the same every time."""
    at = {event.position for event in world.database.events}
    for command, positions in world.acknowledged.items():
        if len(positions) != 1:
            yield f"I5: {command!r} was answered {sorted(positions)}"
        if not positions <= at:
            yield f"I6: {command!r} was acknowledged and is lost"
    named = Counter(event.event_id for event in world.database.events)
    if any(count > 1 for count in named.values()):
        yield "I5: an event is there twice"


def _of_the_stream(world: World) -> Iterator[str]:
    stored = {event.position: event for event in world.database.events}
    stream = world.server.streams.get(ADDRESS.stream)
    for sequence, message in stream.messages.items() if stream else ():
        if _read(message) != stored.get(sequence):
            yield f"I7: stream and store differ at {sequence}"
    ahead = [sequence for client in world.clients for sequence in client.ahead]
    if ahead:
        yield f"I8: the stream was ahead of the head at {ahead[0]}"


def _read(message: Message) -> Recorded | None:
    try:
        return from_message(message.body, message.headers)
    except KeyError:
        return None


def _of_rows(world: World) -> Iterator[str]:
    """I9, I10, I13: the table is the fold of all events, each taken in once, in order."""
    rows = [event.position for event in world.database.rows[PROJECTION]]
    reached = world.database.checkpoints.get((PROJECTION, SOURCE), (0, 0))[1]
    if rows != list(range(1, reached + 1)):
        yield f"I9, I10, I13: the table holds {rows} at checkpoint {reached}"
    if world.database.parked:
        yield f"a projection is parked: {world.database.parked}"
    if world.database.rows[PROJECTION] != world.database.events[:reached]:
        yield "I10: the table is not the fold of the events"
