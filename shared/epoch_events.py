"""The first event of an epoch: it says which history it follows, and what it declares void.

Being an event like any other, it is hashed into the chain and reaches every consumer.
"""

from dataclasses import dataclass

import orjson

from shared.eventstore.model import NewEvent, Recorded

EPOCH_OPENED = "epoch.opened.v1"
META = b'{"kind":"epoch"}'


@dataclass(frozen=True, slots=True)
class Opening:
    """`follows`: the last event that stands. `agreed`: up to there all who read the stream read the same.

    `begins_after`: the last position ever used; void is what lies between it and `follows`.
    """

    epoch: int
    follows: int
    agreed: int
    begins_after: int
    reason: str

    @property
    def voided(self) -> tuple[int, int] | None:
        """First and last void position, if any."""
        return (self.follows + 1, self.begins_after) if self.begins_after > self.follows else None

    @property
    def stream_id(self) -> str:
        return f"epoch_{self.epoch}"

    def to_bytes(self) -> bytes:
        first, last = self.voided or (None, None)
        return orjson.dumps(
            {
                "agreed": self.agreed,
                "begins_after": self.begins_after,
                "epoch": self.epoch,
                "follows": self.follows,
                "reason": self.reason,
                "type": EPOCH_OPENED,
                "voided_from": first,
                "voided_to": last,
            },
            option=orjson.OPT_SORT_KEYS,
        )


def opening_in(event: Recorded | NewEvent) -> Opening | None:
    """What `event` says of its epoch, if it opens one."""
    if event.type != EPOCH_OPENED:
        return None
    told = orjson.loads(event.data)
    names = ("epoch", "follows", "agreed", "begins_after", "reason")
    return Opening(*(told[name] for name in names))
