"""What services say of themselves to an administrator: one well, one halted, one that lags and rebuilds."""

from typing import Any

Json = dict[str, Any]  # Any: JSON
WELL = {"status": "ready", "checks": {"database": "ok"}}
HALTED = {
    "status": "not_ready",
    "checks": {"database": "ok", "relay": "stream_tampered"},
    "reasons": {"relay": "the stream and the store differ at position 41"},
}


def standing(service: str, looks: int) -> Json:
    """`looks`: how often it has been asked; the chain of contacts grows by one each time."""
    nothing: Json = {"chain": None, "projections": [], "rebuilds": [], "health": WELL}
    match service:
        case "contacts":
            return nothing | {"chain": _chain(120 + looks, 0, "ok", 100)}
        case "engagements":
            return nothing | {"chain": _chain(77, None, "halted", None), "health": HALTED}
        case _:
            return nothing | {
                "projections": [
                    _projection("records", "contacts", 3, ""),
                    _projection("overrides", "engagements", None, "42: engagement.planned.v1"),
                ],
                "rebuilds": [
                    {"generation": 2, "source": "contacts", "position": 30, "target": 120}
                ],
            }


def _chain(position: int, lag: int | None, stream: str, audited: int | None) -> Json:
    told = {"epoch": 1, "position": position, "lag": lag, "stream": stream, "audited": audited}
    return told | {"refills": 2 if stream == "ok" else 0}


def _projection(name: str, source: str, behind: int | None, parked: str) -> Json:
    place = {"name": name, "source": source, "epoch": 1, "position": 41}
    return place | {"behind": behind, "parked": parked}
