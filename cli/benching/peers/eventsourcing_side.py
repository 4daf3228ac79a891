"""The library `eventsourcing` on PostgreSQL. Reads one JSON order a line, answers one JSON line each.

Orders: `save` (threads, seconds), `load` (events, seconds), `replay` (events). Its connection comes in
the variables that the library itself reads.
"""

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

PAGE = 1_000


class Meeting(Aggregate):
    """One event when made, one each time it is noted; as much text as one of ours carries."""

    def __init__(self, content: str) -> None:
        self.content = content

    @event("Noted")
    def note(self, content: str) -> None:
        self.content = content


def save(application: Application, order: dict[str, float | str]) -> float:
    """Saves per second, one event each."""
    end = time.perf_counter() + float(order["seconds"])
    content = str(order["content"])

    def one(_: int) -> int:
        count = 0
        while time.perf_counter() < end:
            application.save(Meeting(content))
            count += 1
        return count

    threads = int(order["threads"])
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(one, range(threads)))
    return total / (time.perf_counter() - began)


def load(application: Application, order: dict[str, float | str]) -> float:
    """Aggregates of `events` events got from the repository per second."""
    meeting = Meeting(str(order["content"]))
    for _ in range(int(order["events"]) - 1):
        meeting.note(str(order["content"]))
    application.save(meeting)
    end, count, began = time.perf_counter() + float(order["seconds"]), 0, time.perf_counter()
    while time.perf_counter() < end:
        application.repository.get(meeting.id)
        count += 1
    return count / (time.perf_counter() - began)


def replay(application: Application, order: dict[str, float | str]) -> float:
    """Events selected and mapped to their classes per second."""
    wanted = int(order["events"])
    stored = application.recorder.max_notification_id() or 0
    while stored < wanted:
        application.save(
            *(Meeting(str(order["content"])) for _ in islice(range(PAGE), wanted - stored))
        )
        stored = application.recorder.max_notification_id() or 0
    count, began = 0, time.perf_counter()
    while count < wanted:
        page = application.recorder.select_notifications(count + 1, PAGE)
        count += sum(1 for one in page if application.mapper.to_domain_event(one))
    return count / (time.perf_counter() - began)


ORDERS: dict[str, Callable[[Application, dict[str, float | str]], float]] = {
    "save": save,
    "load": load,
    "replay": replay,
}


def main() -> None:
    application = Application()
    for line in sys.stdin:
        order = json.loads(line)
        rate = ORDERS[order["do"]](application, order)
        print(json.dumps({"per_second": rate}), flush=True)


if __name__ == "__main__":
    main()
