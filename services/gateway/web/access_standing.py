"""How an access record stands, and what its reader may do about it: the same rules as the records have."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.gateway.web.times import parsed
from shared.policy import Level, Policy

Row = Mapping[str, Any]  # Any: JSON
STEPS: Mapping[str, tuple[str, ...]] = {
    "people": ("grant", "set_level", "reset_password", "link_identity", "amend"),
    "clients": ("add_key", "add_secret", "set_level"),
    "partners": ("set_level",),
}
# What is taken back one by one, beside what is listed.
BESIDE: Mapping[str, frozenset[str]] = {
    "people": frozenset({"revoke", "unlink_identity", "remove_passkey"}),
    "clients": frozenset({"end_credential"}),
}


def standing(plural: str, row: Row, now: datetime) -> str:
    """Why nobody is let in by it, or that somebody is; the nearest reason first."""
    if row["suspended"]:
        return "suspended"
    if plural == "clients" and row.get("person_suspended", True):
        return "person_suspended"
    if row.get("partner_suspended"):
        return "partner_suspended"
    if plural == "people" and not (row["has_password"] or row["identities"]):
        return "no_password"
    if plural == "clients" and not any(holds(one, "ends_at", now) for one in row["credentials"]):
        return "no_secret"
    return "in"


def steps(plural: str, row: Row, subject: str) -> tuple[str, ...]:
    """Of one's own access one may only take away."""
    standing_step = "reinstate" if row["suspended"] else "suspend"
    if is_own(row, subject):
        return () if row["suspended"] else (standing_step,)
    return (*STEPS[plural], standing_step)


def may_take(plural: str, row: Row, step: str, subject: str) -> bool:
    return step in steps(plural, row, subject) or step in BESIDE.get(plural, ())


def is_own(row: Row, subject: str) -> bool:
    return row.get("account_id") == subject


def reaches(policy: Policy, row: Row) -> Level | None:
    """The level somebody reaches by it: the lowest of all that limit it. None: one is unknown, so nothing."""
    limits = [row[name] for name in ("level", "person_level", "partner_level") if name in row]
    try:
        return policy.level(min(policy.ordinal(each) for each in limits))
    except KeyError:
        return None


def live(grants: Iterable[Row], kind: str, now: datetime) -> list[Row]:
    """What is granted of `kind` and has not expired."""
    return [one for one in grants if one["kind"] == kind and holds(one, "expires_at", now)]


def holds(one: Row, end: str, now: datetime) -> bool:
    at = parsed(one[end])
    return at is None or at > now
