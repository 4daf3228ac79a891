"""A service's JetStream stream: how it must be configured, and what it holds last."""

from typing import Any

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    RawStreamMsg,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
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


class DriftedError(HealthError):
    """The stream is not configured as it must be."""

    code = "drifted"


async def ensure_stream(js: JetStreamContext, address: Address) -> StreamInfo:
    """The stream's state; made if it is missing. Raises DriftedError when its configuration differs."""
    try:
        info = await js.stream_info(address.stream)
    except NotFoundError:
        return await js.add_stream(
            StreamConfig(name=address.stream, subjects=[address.subjects], **MUST_BE)
        )
    _assert_configuration(info.config, address)
    return info


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


def _assert_configuration(found: StreamConfig, address: Address) -> None:
    differing = [name for name, must in MUST_BE.items() if _value(found, name) != must]
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
