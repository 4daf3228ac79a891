"""The version of a record as one caller sees it. A change he may not see leaves it as it was."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from shared.contracts.event import Group

ANY = "*"


def version_of(secret: bytes, record_id: str, view_version: int, readable: Iterable[str]) -> str:
    """A keyed digest: it names the view and tells nothing of how many changes made it."""
    named = orjson.dumps([record_id, view_version, sorted(readable)])
    digest = hmac.digest(secret, b"view version" + named, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()


def version_of_view(secret: bytes, view: Mapping[str, Any]) -> str:  # Any: a view's JSON
    """As of what a write answers: both go by those groups of the record with a label that he reads."""
    readable = [Group.BASE.value, *view["group_labels"]]
    return version_of(secret, view["id"], view["view_version"], readable)


def quoted(version: str) -> str:
    """As a strong ETag (RFC 9110, 8.8.3)."""
    return f'"{version}"'


def matches(header: str, version: str, *, weak: bool = False) -> bool:
    """Whether `header` (If-Match; If-None-Match when `weak`) names `version`, or is `*`."""
    named = [tag.strip() for tag in header.split(",")]
    if weak:
        named = [tag.removeprefix("W/") for tag in named]
    return ANY in named or quoted(version) in named
