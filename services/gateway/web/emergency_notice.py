"""What Today says of emergency access: to owners what was read, to security officers what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.gateway.web.page import Page
from services.gateway.web.ports import View
from services.gateway.web.times import parsed
from shared.clock import utc_now
from shared.roles import administers

WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Notice:
    """`reads`: of the reader's organisation's records within WINDOW, those of the first page; `more`: there
    are others. `open`, `waiting`: for security officers."""

    reads: int
    more: bool
    open: int
    waiting: int


async def notice(page: Page) -> Notice:
    principal, emergencies = page.session.principal, page.dashboard.emergencies
    since = utc_now() - WINDOW
    told = await emergencies.of_owner(principal, None)
    recent = [one for one in told["items"] if (parsed(one["at"]) or since) > since]
    all_recent = len(recent) == len(told["items"])
    openings: Sequence[View] = ()
    if administers(principal.roles):
        openings = (await emergencies.listed(principal, None))["items"]
    is_open = sum(one["open"] for one in openings)
    waiting = sum(not one["open"] and not one["finding"] for one in openings)
    return Notice(len(recent), bool(told["next_cursor"]) and all_recent, is_open, waiting)
