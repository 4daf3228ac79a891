"""How a partner, an account or a client stands."""

from enum import StrEnum


class Standing(StrEnum):
    ABSENT = "absent"
    ACTIVE = "active"
    SUSPENDED = "suspended"
