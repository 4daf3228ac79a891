"""What each route of the gateway is asked about things out of sight: a row a route.

A row is either a function from things to requests that name them, or the reason why it names none. A route
without a row fails the tests: whoever adds one says here how it answers about what its caller may not see.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from services.gateway.access_api.families import FAMILIES
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS, KindApi
from services.gateway.webhooks.routes import VERBS as WEBHOOK_VERBS
from tests.security.bodies import CREATED, OPEN, WHEN, Json, Things, body_of
from tests.security.rows_pages import PAGES, Asks, Row
from tests.worlds.asking import Request

IF_MATCH = {"If-Match": "*"}
PLAIN = {"Content-Type": "text/plain"}
ROWS = {"Content-Type": "application/x-ndjson"}
STALE = {"If-Match": '"stale"'}


def get(path: str, **headers: str) -> Request:
    return Request("GET", path, headers=headers)


def send(path: str, body: Json, headers: Mapping[str, str] | None = None) -> Request:
    return Request("POST", path, body, headers or {})


def reads(*paths: str) -> Asks:
    """`{engagement}` and the like stand for the things."""
    return lambda things: [get(path.format_map(things)) for path in paths]


def sends(
    paths: Sequence[str],
    bodies: Sequence[Json] = ({"a": "file"},),
    headers: Sequence[Mapping[str, str]] = ({},),
) -> Asks:
    """Every body to every path, with each of the headers."""
    return lambda things: [
        send(path.format_map(things), body, sent)
        for path in paths
        for body in bodies
        for sent in headers
    ]


def rows() -> dict[str, Row]:
    """By method and path as the route spells it."""
    found: dict[str, Row] = dict(_beside()) | PAGES
    for api in KINDS:
        found |= dict(_kind(api))
    return (
        found
        | dict(_attachments())
        | dict(_webhooks())
        | dict(_jobs())
        | dict(_access())
        | dict(_emergency())
        | dict(_labelling())
    )


def _kind(api: KindApi) -> Iterator[tuple[str, Row]]:
    base, of, create = f"/v1/{api.plural}", api.kind.value, CREATED[api.plural]
    yield f"GET {base}", lambda things: _filtered(base, things)
    yield (
        f"POST {base}",
        lambda things: [
            send(base, create(things)),
            send(f"{base}?validate_only=true", create(things)),
            send(base, create(things) | {"extract_of": things[of]}),
            send(f"{base}?validate_only=true", create(things) | {"extract_of": things[of]}),
        ],
    )
    yield f"POST {base}/batch", lambda things: [_batch(api, things)]
    yield (
        f"PUT {base}/external/{{system}}/{{external_id:path}}",
        lambda things: [
            Request("PUT", f"{base}/external/c2/{quote(things['external'])}{trial}", create(things))
            for trial in ("?validate_only=true", "")
        ],
    )
    yield f"GET {base}/{{id:record}}", lambda things: _one(base, things)
    yield (
        f"GET {base}/{{id}}/access",
        reads(f"{base}/{{{of}}}/access", f"{base}/{{attachment}}/access"),
    )
    for way in filter(None, api.creators):
        yield f"POST {base}/{way}", _makes(f"{base}/{way}", create)
    yield f"POST {base}/{{id}}/{{verb:verb}}", lambda things: _acts(api, things[of], things)


def _makes(path: str, create: Callable[[Things], Json]) -> Asks:
    return lambda things: [send(path, create(things))]


def _filtered(base: str, things: Things) -> list[Request]:
    """Filters that lead to a thing: by its id, and by the area it stands for."""
    filters: list[tuple[str, str]] = [
        ("party", things[k]) for k in ("organisation", "person", "post")
    ]
    filters += [("owner", things["organisation"]), ("area", things["pcode"])]
    filters += [("ids", things[api.kind.value]) for api in (*KINDS, ATTACHMENTS)]
    return [get(f"{base}?{urlencode({name: value, 'count': 'true'})}") for name, value in filters]


def _one(base: str, things: Things) -> list[Request]:
    every = [things[api.kind.value] for api in (*KINDS, ATTACHMENTS)]
    asked = [get(f"{base}/{one}") for one in every]
    one = every[0]
    return [
        *asked,
        get(f"{base}/{one}?fields=status"),
        get(f"{base}/{one}?as_of=2026-01-05T07:00:00Z"),
        get(f"{base}/{one}", **{"If-None-Match": "*"}),
    ]


def _acts(api: KindApi, one: str, things: Things) -> list[Request]:
    """Every verb, rightly and wrongly asked; and one that there is not."""
    base = f"/v1/{api.plural}/{one}"
    asked = [send(f"{base}/no-such-verb", {})]
    for name, verb in api.verbs.items():
        body = body_of(api.plural, name, things)
        asked += [
            send(f"{base}/{name}", body, sent)
            for sent in ((None, IF_MATCH) if verb.unsafe else (None,))
        ]
        asked.append(send(f"{base}/{name}", {"colour": "blue"}, STALE))
    return [*asked, send(f"{base}/relabel?validate_only=true", {"label": OPEN})]


def _batch(api: KindApi, things: Things) -> Request:
    one = things[api.kind.value]
    items = [
        {
            "key": f"{things['key']}-{name}",
            "action": name,
            "id": one,
            "body": body_of(api.plural, name, things),
        }
        for name in api.verbs
    ]
    create = {"key": f"{things['key']}-create", "body": CREATED[api.plural](things)}
    return send(f"/v1/{api.plural}/batch", {"items": [create, *items]})


def _attachments() -> Iterator[tuple[str, Row]]:
    base, thing = "/v1/attachments", "/v1/attachments/{attachment}"
    yield f"GET {base}", lambda things: _filtered(base, things)
    yield f"GET {base}/{{id}}", lambda things: _one(base, things)
    yield f"GET {base}/{{id}}/content", reads(f"{thing}/content")
    yield (
        f"POST {base}/{{id}}/{{verb:verb}}",
        lambda things: _acts(ATTACHMENTS, things["attachment"], things),
    )
    attached, named = "/v1/commitments/{commitment}/attachments", "name=a.txt"
    yield (
        "POST /v1/commitments/{id}/attachments",
        sends(
            [f"{attached}?{named}", attached, f"{attached}?{named}&validate_only=true"],
            headers=[PLAIN],
        ),
    )


def _beside() -> Iterator[tuple[str, Row]]:
    records, every = "/v1/records", [f"{{{api.kind.value}}}" for api in (*KINDS, ATTACHMENTS)]
    for part in ("", "/history", "/edges", "/extracts", "/removal", "/access", "/reads"):
        yield f"GET {records}/{{id}}{part}", reads(*(f"{records}/{one}{part}" for one in every))
    for_others: Json = {"label": OPEN, "audience": "ngo"}
    yield (
        f"POST {records}/{{id}}/release_preview",
        sends([f"{records}/{one}/release_preview" for one in every], [{}, for_others]),
    )
    yield f"POST {records}/{{id}}/extract_preview", _extracts_foretold
    yield f"GET {records}", lambda things: _filtered(records, things)
    here = f"{records}/map?bbox=31,9,32.5,10.5&zoom=14"
    yield f"GET {records}/map", reads(f"{here}&party={{organisation}}", f"{here}&area={{pcode}}")
    yield f"GET {records}/suggest", reads(f"{records}/suggest?q={{word}}")
    invited = "/v1/engagements/suggested_attendees"
    asked = ("party={organisation}", "party={person}", "place_id={place}")
    yield f"GET {invited}", reads(*(f"{invited}?{one}" for one in asked))
    meeting = f"/v1/engagements/overlaps?starts_at={WHEN}"
    yield (
        "GET /v1/engagements/overlaps",
        reads(f"{meeting}&parties={{organisation}}", f"{meeting}&parties={{person}}"),
    )
    yield from dict.fromkeys(SAYS_NOTHING, "It takes no name of a record.").items()


def _extracts_foretold(things: Things) -> list[Request]:
    """Of each kind, about things that the preview names, and with a body that is none."""
    asked: list[Request] = []
    for api in KINDS:
        path = f"/v1/records/{things[api.kind.value]}/extract_preview"
        body = CREATED[api.plural](things)
        asked += [send(path, {"extract": body, "audience": "ngo"}), send(path, {})]
    return asked


SAYS_NOTHING = (
    "GET /health/live", "GET /health/ready", "GET /metrics", "POST /oauth/token",
    "GET /.well-known/oauth-authorization-server", "POST /sign-in", "POST /sign-out",
    "POST /password", "POST /sessions/end",
    "GET /sign-in/provider", "GET /sign-in/provider/return",
    "POST /sign-in/passkey/options", "POST /sign-in/passkey", "POST /account/passkeys/options",
    "POST /account/passkeys", "GET /v1/heads",
    "POST /v1/sandbox/events", "GET /openapi.json", "GET /asyncapi.json", "GET /docs",
    "GET /docs/docs.css", "GET /v1/events", "GET /v1/changes", "GET /live",
)  # fmt: skip


def _webhooks() -> Iterator[tuple[str, Row]]:
    base, thing = "/v1/webhooks", "/v1/webhooks/{webhook}"
    yield f"GET {base}", "It names no webhook."
    yield f"POST {base}", "It makes a new one."
    yield f"GET {base}/{{id}}", reads(thing)
    yield f"GET {base}/{{id}}/messages", reads(f"{thing}/messages")
    for verb in WEBHOOK_VERBS:
        bodies: list[Json] = [{}, {"since": WHEN}, {"colour": "blue"}]
        yield f"POST {base}/{{id}}/{verb}", sends([f"{thing}/{verb}"], bodies)
    yield f"DELETE {base}/{{id}}", lambda things: [Request("DELETE", thing.format_map(things))]


def _jobs() -> Iterator[tuple[str, Row]]:
    base, thing = "/v1/jobs", "/v1/jobs/{job}"
    for api in KINDS:
        exported, imported = f"/v1/{api.plural}/export", f"/v1/{api.plural}/import"
        yield f"POST {exported}", sends([f"{exported}?party={{organisation}}"], [{}])
        yield f"POST {imported}", _imports(imported, CREATED[api.plural])
    yield f"GET {base}", "It names no job."
    yield f"GET {base}/{{id}}", reads(thing)
    yield f"GET {base}/{{id}}/file", reads(f"{thing}/file")
    yield f"GET {base}/{{id}}/rejected", reads(f"{thing}/rejected", f"{thing}/rejected?page_size=1")
    for act in ("cancel", "import"):
        yield f"POST {base}/{{id}}/{act}", sends([f"{thing}/{act}"], [{}, {"colour": "blue"}])
    yield f"DELETE {base}/{{id}}", lambda things: [Request("DELETE", thing.format_map(things))]


def _imports(path: str, create: Callable[[Things], Json]) -> Asks:
    """One row, by an external id of a thing."""
    return lambda things: [
        send(f"{path}?system=c2", create(things) | {"external_id": things["external"]}, ROWS)
    ]


def _access() -> Iterator[tuple[str, Row]]:
    """To everybody but its administrators all of access is closed, whether a record is there or not."""
    for family in FAMILIES:
        base, thing = f"/v1/access/{family.plural}", f"{{{family.kind.value}}}"
        yield f"GET {base}", reads(f"{base}?q={thing}")
        yield f"POST {base}", "It makes a new one."
        yield f"GET {base}/{{id}}", reads(f"{base}/{thing}")
        yield f"GET {base}/{{id}}/history", reads(f"{base}/{thing}/history")
        verbs = [f"{base}/{thing}/{verb}" for verb in (*family.verbs, "no-such-verb")]
        yield (
            f"POST {base}/{{id}}/{{verb:verb}}",
            sends(verbs, [{}, {"reason": "So it is."}], [{}, IF_MATCH]),
        )


def _emergency() -> Iterator[tuple[str, Row]]:
    """Known to whoever opened it, and to those who administer access."""
    base, thing = "/v1/break_glass", "/v1/break_glass/{glass}"
    yield f"GET {base}", "It names no emergency access."
    yield f"POST {base}", "It names caveats only, and opens them for the caller himself."
    yield f"GET {base}/reads", "It names no record."
    yield f"GET {base}/{{id}}", reads(thing)
    yield f"GET {base}/{{id}}/reads", reads(f"{thing}/reads", f"{thing}/reads?page_size=1")
    yield f"POST {base}/{{id}}/close", sends([f"{thing}/close"], [{}])
    found: Json = {"finding": "justified", "note": "In time"}
    yield f"POST {base}/{{id}}/review", sends([f"{thing}/review"], [found, {"colour": "blue"}])


def _labelling() -> Iterator[tuple[str, Row]]:
    yield "GET /v1/policy", "It is the same to everybody."
    yield (
        "POST /v1/labels/translate",
        "It names no record; the organisations in a label are words to it.",
    )
    things = ("engagement", "person", "organisation", "place", "commitment")
    yield "GET /v1/records/{id}/label", reads(*(f"/v1/records/{{{one}}}/label" for one in things))
