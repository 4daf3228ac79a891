"""A service's JetStream stream: how it must be configured, what it holds, and how it is made anew."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    RawStreamMsg,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
    StreamState,
)
from nats.js.errors import NotFoundError

from shared.bus import Address, from_message
from shared.errors import HealthError
from shared.eventstore.model import Recorded

# Asserted at every start: a drifted stream could lose or burn sequences.
MUST_BE: dict[str, Any] = {  # Any: values of several types
    "retention": RetentionPolicy.LIMITS,
    "storage": StorageType.FILE,
    "discard": DiscardPolicy.NEW,
    "max_msgs": -1,
    "max_bytes": -1,
    "max_age": 0.0,
    "max_msgs_per_subject": -1,
    "max_msg_size": -1,
    "deny_delete": True,
    "deny_purge": True,
    "allow_rollup_hdrs": False,
}
# Each of these would lose messages or put messages of its own between ours.
MUST_BE_OFF = (
    "no_ack",
    "sealed",
    "sources",
    "mirror",
    "republish",
    "subject_transform",
    "discard_new_per_subject",
    "allow_msg_ttl",
    "allow_msg_schedules",
    "allow_msg_counter",
    "subject_delete_marker_ttl",
)


class HaltedError(HealthError):
    """Stream and store disagree in a way that going on would spread."""

    code = "halted"


class DriftedError(HaltedError):
    """The stream is not configured as it must be."""

    code = "stream_drifted"


@dataclass(frozen=True, slots=True)
class Shape:
    """`replicas`: on how many servers it is kept. `batches`: whether it takes atomic batches.

    Batches pay where every write is synced, which is how a cluster is run (docs/operations.md).
    """

    replicas: int = 1
    batches: bool = False


SINGLE = Shape()


async def ensure_stream(
    js: JetStreamContext, address: Address, shape: Shape = SINGLE
) -> StreamInfo:
    """The stream's state; made if it is missing. Raises DriftedError when its configuration differs."""
    try:
        info = await js.stream_info(address.stream)
    except NotFoundError:
        return await js.add_stream(
            StreamConfig(
                name=address.stream,
                subjects=[address.subjects],
                num_replicas=shape.replicas,
                allow_atomic=shape.batches or None,
                **MUST_BE,
            )
        )
    _assert_configuration(info.config, address, shape)
    return info


async def remove_stream(js: JetStreamContext, address: Address) -> None:
    """So that it can be filled anew: a place that was used once is never filled again."""
    with suppress(NotFoundError):
        await js.delete_stream(address.stream)


def has_holes(state: StreamState) -> bool:
    """Whether it lacks any message from the first to the last; a purge, too, leaves only the number."""
    begins_late = state.last_seq > 0 and state.first_seq != 1
    return begins_late or state.messages != state.last_seq


async def message_at(js: JetStreamContext, address: Address, sequence: int) -> RawStreamMsg | None:
    """The message at `sequence`, or None when the stream does not hold it."""
    try:
        return await js.get_msg(address.stream, seq=sequence)
    except NotFoundError:
        return None


def difference(event: Recorded, message: RawStreamMsg | None) -> str:
    """What is wrong with the message of `event`, in words; empty when they are one and the same."""
    if message is None:
        return "the stream lacks this event"
    try:
        same = from_message(message.data or b"", message.headers or {}) == event
    except (KeyError, ValueError):
        same = False
    return "" if same else "stream and store hold different events"


def _assert_configuration(found: StreamConfig, address: Address, shape: Shape) -> None:
    differing = [name for name, must in MUST_BE.items() if _value(found, name) != must]
    if (found.num_replicas or 1) != shape.replicas:
        differing.append("num_replicas")
    if shape.batches and not found.allow_atomic:
        differing.append("allow_atomic")
    if found.subjects != [address.subjects]:
        differing.append("subjects")
    differing += [name for name in MUST_BE_OFF if getattr(found, name)]
    if differing:
        raise DriftedError(f"stream {address.stream} has drifted in: {', '.join(differing)}")


def _value(found: StreamConfig, name: str) -> Any:  # Any: of several types
    value = getattr(found, name)
    if name == "max_age":
        return float(value or 0)
    return bool(value) if name == "allow_rollup_hdrs" else value
