"""Long streams in short: the state at an event is kept, so that loading reads only what came after.

A snapshot is never trusted over events. It is encrypted under every key that sealed what it holds, so
that destroying one of them destroys it too, and bound to its stream, to the hash of the event it stands
at, and to the code that folded it: whatever is stale, forged, or of a history that a restore undid does
not open, and all events are read instead.
"""

import hmac
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pydantic
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import TypeAdapter

from shared.commands_kit import Kit
from shared.decider import C, Decider, E, S
from shared.errors import BusyError
from shared.eventstore.model import Recorded
from shared.eventstore.tails import Snapshot, Tail
from shared.ids import RecordId, new_bytes
from shared.record_state import RecordState, fold
from shared.sealing_box import SEALED

# So many events are folded anew before it is worth keeping what they led to.
EVERY_EVENTS = 200
NONCE_BYTES = 12
_ROOT = Path(__file__).parents[1]
_log = logging.getLogger(__name__)


async def recall(kit: Kit, decider: Decider[C, E, S], record_id: RecordId) -> RecordState[S] | None:
    """The record as all its events leave it; None when there are none. Raises as `fold` does."""
    if decider.of_removals:
        return await _folded(kit, decider, record_id, await kit.store.load(str(record_id)), None)
    tail = await kit.store.load_tail(str(record_id), fold_version())
    if before := await _opened(kit, decider, record_id, tail):
        return await _folded(kit, decider, record_id, tail.events[1:], before, tail.subjects)
    events = tail.events if tail.is_whole else await kit.store.load(str(record_id))
    return await _folded(kit, decider, record_id, events, None)


@cache
def fold_version() -> bytes:
    """Of all code here that a fold could depend on: a new release folds anew."""
    digest = sha256(f"{sys.version_info} {pydantic.VERSION}".encode())
    for folder in ("shared", "services"):
        for path in sorted((_ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return digest.digest()


def in_short(decider: Decider[C, E, S], record: RecordState[S]) -> bytes | None:
    """As JSON; None when it would not read back as the very same."""
    adapter = _adapter(decider)
    try:
        told = adapter.dump_json(record)
        return told if adapter.validate_json(told) == record else None
    except ValueError:
        return None


async def _folded(
    kit: Kit,
    decider: Decider[C, E, S],
    record_id: RecordId,
    events: Sequence[Recorded],
    before: RecordState[S] | None,
    subjects: Sequence[str] = (),
) -> RecordState[S] | None:
    if not events:
        return before
    record = fold(decider, record_id, await kit.vault.open_all(events), before)
    if len(events) >= EVERY_EVENTS and not decider.of_removals:
        known = {*subjects} if before else set()
        await _keep(kit, decider, record, events[-1], tuple(sorted(known | _subjects(events))))
    return record


async def _opened(
    kit: Kit, decider: Decider[C, E, S], record_id: RecordId, tail: Tail
) -> RecordState[S] | None:
    """What the snapshot holds; None for any that was not made here, of this very history."""
    if tail.body is None or not tail.events:
        return None
    nonce, box = tail.body[:NONCE_BYTES], tail.body[NONCE_BYTES:]
    key = AESGCM(await _key(kit, tail.subjects))
    try:
        told = key.decrypt(nonce, box, _bound(decider, record_id, tail.events[0]))
        return _adapter(decider).validate_json(told)
    except (InvalidTag, ValueError):
        return None


async def _keep(
    kit: Kit,
    decider: Decider[C, E, S],
    record: RecordState[S],
    at: Recorded,
    subjects: tuple[str, ...],
) -> None:
    """Only what reads back as the very same state."""
    told = in_short(decider, record)
    if told is None:
        _log.error("a state cannot be kept in short", extra={"kind": decider.kind})
        return
    nonce = new_bytes(NONCE_BYTES)
    key = AESGCM(await _key(kit, subjects))
    body = nonce + key.encrypt(nonce, told, _bound(decider, record.id, at))
    with suppress(BusyError):  # the next to load the record will try again
        await kit.store.keep(Snapshot(at, fold_version(), subjects, body))


async def _key(kit: Kit, subjects: Sequence[str]) -> bytes:
    """From all their secrets as they are now: once one is destroyed nobody can make it again."""
    secrets = await kit.vault.secrets(subjects)
    named = orjson.dumps([[one, secret and secret.hex()] for one, secret in secrets.items()])
    return hmac.new(kit.secret, b"snapshot" + named, sha256).digest()


def _bound(decider: Decider[C, E, S], record_id: RecordId, at: Recorded) -> bytes:
    place = [str(record_id), decider.kind, at.version, at.position, at.hash.hex()]
    return orjson.dumps([*place, fold_version().hex()])


def _subjects(events: Sequence[Recorded]) -> set[str]:
    boxes = [orjson.loads(event.data).get(SEALED, ()) for event in events]
    return {entry["key"] for entries in boxes for entry in entries}


def _adapter(decider: Decider[C, E, S]) -> TypeAdapter[RecordState[S]]:
    state: Any = type(decider.initial)  # Any: the state of any kind
    return _adapter_of(state)


@cache
def _adapter_of(state: Any) -> TypeAdapter[Any]:  # Any: see above
    return TypeAdapter(RecordState[state])
