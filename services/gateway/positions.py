"""Positions: sealed for callers, spelled out for services, remembered so that everyone reads his writes."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import MalformedError
from shared.principal import Principal
from shared.sealed_tokens import Purpose, TokenBook

REMEMBERED_CLIENTS = 10_000

# Per service: epoch and position, compared in that order.
Vector = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Memory:
    """Each client's last position per service, of the clients that wrote last."""

    of: OrderedDict[str, dict[str, tuple[int, int]]] = field(default_factory=OrderedDict)

    def remember(self, client: str, service: str, answer: Mapping[str, Any]) -> None:
        """`answer`: what `service` said to a write, or to a batch of them."""  # Any: JSON
        places = [_place(each) for each in (answer, *answer.get("items", ()))]
        known = self.of.setdefault(client, {})
        known[service] = max(known.get(service, (0, 0)), *places)
        self.of.move_to_end(client)
        if len(self.of) > REMEMBERED_CLIENTS:
            self.of.popitem(last=False)

    def recall(self, client: str) -> Vector:
        return self.of.get(client, {})


def _place(answer: Mapping[str, Any]) -> tuple[int, int]:  # Any: JSON
    return (answer.get("epoch") or 0, answer.get("position") or 0)


def sealed_position(
    book: TokenBook, principal: Principal, service: str, epoch: int, position: int
) -> str:
    return book.seal(Purpose.POSITION, principal.client, [service, epoch, position])


def opened_position(book: TokenBook, principal: Principal, token: str) -> Vector:
    """Raises MalformedError unless we sealed `token` for this caller."""
    content = book.open(Purpose.POSITION, principal.client, token)
    try:
        service, epoch, position = content
        return {str(service): (int(epoch), int(position))}
    except (TypeError, ValueError) as wrong:
        raise MalformedError("This position was not given to you.") from wrong


def furthest(vectors: Iterable[Vector]) -> Vector:
    """For each service the highest position any of `vectors` names."""
    found: dict[str, tuple[int, int]] = {}
    for vector in vectors:
        for service, place in vector.items():
            found[service] = max(found.get(service, (0, 0)), place)
    return found


def at_least_header(vector: Vector | None) -> dict[str, str]:
    if not vector:
        return {}
    places = sorted((name, place) for name, place in vector.items() if place > (0, 0))
    spelled = ",".join(f"{name}={epoch}:{at}" for name, (epoch, at) in places)
    if not spelled:
        return {}
    return {"Parley-At-Least": spelled}
