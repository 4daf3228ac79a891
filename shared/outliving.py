"""A process does not outlive the work beside its requests: relaying, projecting, dates.

When a task of the lifespan fails, the server would answer on, unready, and nothing would start it again.
"""

import logging
import os

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger(__name__)


class EndsWithItsWork:
    """Ends the process when the lifespan of `app` fails after it had started and before it was to end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        seen: set[str] = set()

        async def receiving() -> Message:
            message = await receive()
            seen.add(message["type"])
            return message

        async def sending(message: Message) -> None:
            seen.add(message["type"])
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        except BaseException:
            if "lifespan.startup.complete" in seen and "lifespan.shutdown" not in seen:
                LOG.critical("ending: what runs beside the requests has failed", exc_info=True)
                os._exit(
                    os.EX_SOFTWARE
                )  # what requests need is closed by now: no answer would be right
            raise
