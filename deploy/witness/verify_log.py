#!/usr/bin/env python3
"""Verifies an exported log without anything else of Parley: python3 verify_log.py LOG [--heads FILE]...

Needs Python 3.11 and, for signatures of heads, the package `cryptography`. LOG is what
`./parley export-log` wrote; FILE an answer of GET /v1/heads, or signed heads, as JSON or one a line.
Give the public keys you were told by another way with --key; without, those inside FILE are believed.
Prints every invariant's first bad position; the exit code is 0 when nothing is wrong, else 1.
"""

import argparse
import base64
import hashlib
import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOG, HEAD = "parley.log.v1", "parley.head.v1"
NO_HASH = bytes(32).hex()

Json = dict[str, Any]  # Any: JSON


class Log:
    """Walks the events in order, keeps what the next must follow, and each invariant's first breach."""

    def __init__(self, header: Json) -> None:
        self.service = header["service"]
        self.begins = {one["epoch"]: one["begins_after"] for one in header["epochs"]}
        self.voided = [one for one in header["epochs"] if one["voided_from"] is not None]
        self.position, self.epoch, self.hash, self.recorded_at = 0, 1, NO_HASH, -(2**63)
        self.versions: dict[str, int] = {}
        self.hashes: dict[int, tuple[int, str]] = {}
        self.breaches: dict[str, tuple[int, str]] = {}

    def breach(self, name: str, position: int, what: str) -> None:
        self.breaches.setdefault(name, (position, what))

    def take(self, event: Json) -> None:
        position, epoch = event["position"], event["epoch"]
        follows = self.begins.get(epoch, 0) if epoch > self.epoch else self.position
        if position != follows + 1:
            self.breach("I1", position, f"follows position {self.position}")
        if event["recorded_at"] < self.recorded_at:
            self.breach("I2", position, "was recorded before the event before it")
        if event["version"] != self.versions.get(event["stream_id"], 0) + 1:
            self.breach("I3", position, f"version {event['version']} out of order")
        if event["prev_hash"] != self.hash or not is_hashed(event):
            self.breach("I4", position, "the hash chain breaks here")
        if epoch < self.epoch:
            self.breach("I14", position, f"epoch {epoch} after {self.epoch}")
        self.position, self.epoch, self.hash = position, epoch, event["hash"]
        self.recorded_at = event["recorded_at"]
        self.versions[event["stream_id"]] = event["version"]
        self.hashes[position] = (epoch, event["hash"])

    def against(self, heads: list[Json]) -> None:
        """The breach is at the first position that no head vouches for any more."""
        good = 0
        for head in sorted(heads, key=lambda one: (one["position"], one["epoch"])):
            place = (head["epoch"], head["hash"])
            if any(self._voids(one, head) for one in self.voided):
                continue
            if head["position"] > self.position:
                words = f"the tail is gone: a head was signed at {head['position']}"
                self.breach("HEADS", self.position + 1, words)
            elif self.hashes.get(head["position"]) != place:
                words = f"written anew between here and {head['position']}"
                self.breach("HEADS", good + 1, words)
            else:
                good = head["position"]

    @staticmethod
    def _voids(epoch: Json, head: Json) -> bool:
        inside = epoch["voided_from"] <= head["position"] <= epoch["voided_to"]
        return bool(inside and epoch["epoch"] > head["epoch"])


def is_hashed(event: Json) -> bool:
    """sha256 over each part with its length before it; the chain's over what came before and its place."""
    parts = (
        bytes.fromhex(event["event_id"]),
        event["stream_id"].encode(),
        struct.pack(">q", event["version"]),
        event["type"].encode(),
        struct.pack(">q", event["occurred_at"]),
        base64.b64decode(event["data"], validate=True),
        base64.b64decode(event["meta"], validate=True),
    )
    digest = hashlib.sha256(b"".join(struct.pack(">Q", len(one)) + one for one in parts)).digest()
    place = struct.pack(">iqq", event["epoch"], event["position"], event["recorded_at"])
    chained = hashlib.sha256(bytes.fromhex(event["prev_hash"]) + place + digest).hexdigest()
    return bool(digest.hex() == event["payload_digest"] and chained == event["hash"])


def read_log(path: Path) -> Log:
    """Everything walked. A line that cannot be read is a breach where it stands."""
    with path.open(encoding="utf-8") as lines:
        header = json.loads(next(lines))
        if header.get("format") != LOG:
            raise ValueError("this is not an exported log")
        log = Log(header)
        for line in lines:
            try:
                log.take(json.loads(line))
            except (KeyError, TypeError, ValueError, struct.error):
                log.breach("I4", log.position + 1, "this line cannot be read")
    return log


def read_heads(path: Path) -> tuple[list[Json], list[str]]:
    """Heads, and the public keys that came with them."""
    text = path.read_text(encoding="utf-8")
    try:
        told = [json.loads(text)]
    except json.JSONDecodeError:
        told = [json.loads(line) for line in text.splitlines() if line.strip()]
    flat = [one for each in told for one in (each if isinstance(each, list) else [each])]
    heads = [head for one in flat for head in one.get("items", [one])]
    return heads, [key["public_key"] for one in flat for key in one.get("keys", [])]


def check_signatures(log: Log, heads: list[Json], keys: list[str]) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    known = {}
    for spelled in keys:
        raw = base64.b64decode(spelled, validate=True)
        known[hashlib.sha256(raw).hexdigest()[:16]] = Ed25519PublicKey.from_public_bytes(raw)
    for head in heads:
        signed = {name: value for name, value in head.items() if name != "signature"}
        body = json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()
        try:
            if head["format"] != HEAD:
                raise KeyError(HEAD)
            known[head["key_id"]].verify(base64.b64decode(head["signature"]), body)
        except (KeyError, ValueError, InvalidSignature):
            log.breach("HEADS", head.get("position", 0), "this head is not signed by a known key")


def reported(log: Log, heads: int) -> Iterator[str]:
    for name, (position, what) in sorted(log.breaches.items(), key=lambda one: (one[1][0], one[0])):
        yield f"{log.service}: {name} at position {position}: {what}"
    end = "holds" if not log.breaches else "does NOT hold"
    yield f"{log.service}: {log.position} is the last position, {heads} heads; the log {end}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--heads", type=Path, action="append", default=[])
    parser.add_argument("--key", action="append", default=[], help="base64 of a public key")
    told = parser.parse_args()
    try:
        log = read_log(told.log)
        read = [read_heads(path) for path in told.heads]
    except (OSError, ValueError, StopIteration, AttributeError) as wrong:
        sys.stderr.write(f"cannot be read: {wrong}\n")
        return 1
    heads = [one for found, _ in read for one in found if one.get("service") == log.service]
    if heads:
        check_signatures(log, heads, told.key or [key for _, keys in read for key in keys])
        log.against(heads)
    sys.stdout.writelines(f"{line}\n" for line in reported(log, len(heads)))
    return 1 if log.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
