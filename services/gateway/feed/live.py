"""The pages' stream: named by kind of record, so that a page refetches what it shows of that kind."""

from collections.abc import AsyncGenerator

import orjson

from services.gateway.feed.changes import Pulled, sealed
from services.gateway.feed.event_stream import frame
from services.gateway.feed.subscription import Written
from services.gateway.wiring import Gateway
from shared.principal import Principal

RESYNC = "resync"


def written(gateway: Gateway) -> Written:
    """A record told of twice in one look is told of once, under the later place."""

    async def frames(principal: Principal, pulled: Pulled) -> AsyncGenerator[bytes, None]:
        if pulled.reset:
            yield frame(
                cursor=sealed(gateway, principal, pulled.cursor),
                event=RESYNC,
                data=b'{"topic":"resync"}',
            )
        last = {change["record_id"]: number for number, (change, _) in enumerate(pulled.changes)}
        for number, (change, after) in enumerate(pulled.changes):
            if last[change["record_id"]] != number:
                continue
            data = orjson.dumps({"topic": change["kind"], "id": change["record_id"]})
            cursor = sealed(gateway, principal, after)
            yield frame(cursor=cursor, event=change["kind"], data=data)

    return frames
