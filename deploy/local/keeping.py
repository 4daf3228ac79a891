"""Keeps one program running: started, started again when it dies, stopped in order."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.local.errors import LocalError
from deploy.local.layout import Layout
from deploy.local.process import Program, Running, start

PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
# One that lived this long was well: its next death is a new story.
WELL_AFTER_SECONDS = 5.0
TRIES_BEFORE_READY = 4
LOG_BYTES = 3_000
LOG_LINES = 12

Say = Callable[[str], None]


@dataclass
class Keeper:
    """`run` until cancelled; then the program is ended. `ready` is set by whoever finds it so."""

    program: Program
    layout: Layout
    say: Say
    was_ready: bool = False
    _deaths: int = 0
    _running: Running | None = field(default=None, repr=False)

    async def run(self) -> None:
        """Raises LocalError when it dies again and again before it was ever ready."""
        try:
            while True:
                began = time.monotonic()
                self._running = await start(self.program, self.layout)
                code = await self._running.wait()
                await self._died(code, time.monotonic() - began)
        finally:
            if self._running is not None:
                await self._running.end()

    async def _died(self, code: int, lived_seconds: float) -> None:
        # Killed from outside or long well: not its own fault, so no growing pause.
        own_fault = code >= 0 and lived_seconds < WELL_AFTER_SECONDS
        self._deaths = self._deaths + 1 if own_fault else 0
        name = self.program.name
        if not self.was_ready and self._deaths >= TRIES_BEFORE_READY:
            raise LocalError(
                f"{name} cannot start. The end of {self.layout.log(name)}:\n{self._last_lines()}"
            )
        pause = PAUSES_SECONDS[min(self._deaths, len(PAUSES_SECONDS) - 1)]
        self.say(f"{name} stopped ({_reason(code)}); starting it again")
        await asyncio.sleep(pause)

    def _last_lines(self) -> str:
        content = self.layout.log(self.program.name).read_bytes()[-LOG_BYTES:]
        return "\n".join(content.decode("utf-8", "replace").splitlines()[-LOG_LINES:])


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
