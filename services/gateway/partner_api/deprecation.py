"""Verbs on their way out: what callers are told while they still work (RFC 9745, RFC 8594)."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Deprecation:
    """`since` and `sunset` are UTC; `link` leads to what to do instead."""

    since: datetime
    sunset: datetime
    link: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": format_datetime(self.sunset, usegmt=True),
            "Link": f'<{self.link}>; rel="deprecation"',
        }
