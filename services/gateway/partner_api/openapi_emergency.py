"""The document's paths of emergency access."""

from services.gateway.emergency.schemas import (
    BreakGlassAsked,
    EmergencyReadsShown,
    LooksShown,
    OpeningShown,
    OpeningsShown,
    ReviewAsked,
)
from services.gateway.partner_api.openapi_parameters import header, path, query
from services.gateway.partner_api.openapi_parts import Json, answer, body, problems, ref

BASE, ONE = "/v1/break_glass", "/v1/break_glass/{id}"
READ = ("400", "401", "404", "503")
ACT = ("400", "401", "403", "404", "409", "413", "422", "503")
WORDS = """Named caveats, opened by a person for himself, for four hours at most, with a reason, after a fresh
sign-in. Every record it alone makes readable is noted before it is shown; its owner and the security officers
are told at once. It never opens what protects sources, never serves a machine, and is for reading only."""
PAGED = query("page_size", "cursor")


def emergency_paths() -> Json:
    reads = _read(
        "reads", "What it let be read of your organisation's records", EmergencyReadsShown
    )
    looks = _read("looks", "That, and to who reads it what, was read under it", LooksShown)
    review = _write("review", "Say, as a security officer, whether it was justified")
    return {
        BASE: {
            "get": _read("list", "Your own; all of it for security officers", OpeningsShown)
            | {"parameters": PAGED},
            "post": _write("open", "Open named caveats in an emergency", created=True)
            | {"description": WORDS, "requestBody": body(BreakGlassAsked)},
        },
        f"{BASE}/reads": {"get": reads | {"parameters": PAGED}},
        f"{ONE}/reads": {"get": looks | {"parameters": [_id(), *PAGED]}},
        ONE: {"get": _read("read", "One of them", OpeningShown) | {"parameters": [_id()]}},
        f"{ONE}/close": {"post": _write("close", "End it now")},
        f"{ONE}/review": {"post": review | {"requestBody": body(ReviewAsked)}},
    }


def _read(name: str, summary: str, model: type) -> Json:
    return _named(name, summary) | {
        "responses": {"200": answer("Found.", ref(model))} | problems(*READ)
    }


def _write(name: str, summary: str, *, created: bool = False) -> Json:
    places = [] if created else [_id()]
    done = {"201" if created else "200": answer("It is so.", ref(OpeningShown))}
    return _named(name, summary) | {
        "parameters": [*places, header("Idempotency-Key")],
        "responses": done | problems(*ACT),
    }


def _named(name: str, summary: str) -> Json:
    return {"operationId": f"break_glass_{name}", "tags": ["emergency"], "summary": summary}


def _id() -> Json:
    return path("id", "Id of the emergency access.")
