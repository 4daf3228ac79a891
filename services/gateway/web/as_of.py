"""As it was known at a past moment: `as_of` of the address, asked of reporting and kept on links."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request

NAME = "as_of"
LETTERS = 40
READ = ("/records", "/map")
# A list or a record, and nothing below it: what a form changes is always the present.
LINK = re.compile(
    r'href="(/(?:records|engagements|organisations|places|people|posts|commitments|contacts|search|map|timeline)'
    r'(?:/(?!new")[^"/?#]+)?)(\?[^"#]*)?"'
)


@dataclass(frozen=True, slots=True)
class AsOf:
    """`told`: what reporting is asked for, and judges. `moment`: None when it cannot be read. In UTC."""

    told: str
    moment: datetime | None

    def asks(self, path: str) -> bool:
        """Whether what is read at this path of reporting can be read as of a moment."""
        return path.startswith(READ)

    def kept(self, body: Markup) -> Markup:
        """The same page, its links to other pages leading to the same moment."""
        return Markup(LINK.sub(self._link, body))  # noqa: S704 - our own markup; what is added is escaped

    def _link(self, found: re.Match[str]) -> str:
        path, query = found[1], found[2] or ""
        if f"{NAME}=" in query:
            return found[0]
        told = Markup.escape(self.told.replace("+", "%2B"))
        return f'href="{path}{query}{"&amp;" if query else "?"}{NAME}={told}"'


def as_of(request: Request, zone: str) -> AsOf | None:
    """What the address asks for; None for the present. A time without zone is of `zone`, the mission's."""
    asked = request.query_params.get(NAME, "").strip()[:LETTERS]
    if not asked or request.method != "GET":
        return None
    try:
        moment = datetime.fromisoformat(asked)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(
            UTC
        )
    except (ValueError, OverflowError):
        return AsOf(asked, None)
    return AsOf(moment.isoformat().replace("+00:00", "Z"), moment)
