"""Fetching for a page: what one panel lacks must not take the others with it."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from shared.errors import AppError

SERVER_ERROR = 500
Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Failed:
    """A panel whose service did not answer."""

    code: str


async def attempt(fetch: Awaitable[Loaded]) -> Loaded | Failed:
    """What was fetched, or Failed when its service could not answer. Other errors pass through."""
    try:
        return await fetch
    except AppError as error:
        if error.status < SERVER_ERROR:
            raise
        return Failed(error.code)
