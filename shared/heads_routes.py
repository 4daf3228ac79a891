"""A service's signed heads, for the gateway to pass on to witnesses."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime

from shared.errors import ForbiddenError
from shared.heads_writing import HeadBook
from shared.http import Caller
from shared.roles import may_witness

router = APIRouter(prefix="/heads")


def _book(request: Request) -> HeadBook:
    book: HeadBook = request.app.state.heads
    return book


Heads = Annotated[HeadBook, Depends(_book)]


@router.get("")
async def heads(
    caller: Caller, book: Heads, since: AwareDatetime | None = None
) -> dict[str, Any]:  # Any: JSON
    """The latest, or all signed after `since`. A head tells how much is decided here in all: see roles.py."""
    if not may_witness(caller.roles):
        raise ForbiddenError("Heads are shown to witnesses.")
    found = await (book.since(since) if since else book.latest())
    return {"items": [one.to_json() for one in found], "keys": [book.signer.public_key()]}
