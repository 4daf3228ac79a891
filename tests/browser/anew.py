"""An application that can begin again: a process of its own for each file of tests takes long to start."""

from collections.abc import Callable
from dataclasses import replace

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send


class Anew:
    """A post to /fake/anew undoes all that anybody did. What is kept are templates, once compiled."""

    def __init__(self, create: Callable[[], FastAPI]) -> None:
        self._create = create
        self._app = create()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/fake/anew":
            await self._app(scope, receive, send)
            return
        renderer = self._app.state.dashboard.renderer
        self._app = self._create()
        self._app.state.dashboard = replace(self._app.state.dashboard, renderer=renderer)
        await PlainTextResponse("")(scope, receive, send)
