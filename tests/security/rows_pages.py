"""The rows of the dashboard's pages (rows.py says what a row is)."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from services.gateway.access_api.families import FAMILIES
from services.gateway.web.commitment_form import STEPS as PROMISE_STEPS
from services.gateway.web.lists import PLURALS
from services.gateway.web.page_webhooks import ACTS as WEBHOOK_ACTS
from services.gateway.web.person_steps import BODIES as PERSON_STEPS
from shared.ids import Kind
from tests.security.bodies import Things
from tests.worlds.asking import Request

Asks = Callable[[Things], list[Request]]
Row = Asks | str
NAMES_NOTHING = "It takes no name of a record."
RECORD_KINDS = ("organisation", "place", "person", "post", "engagement", "commitment", "attachment")
WHOLE: tuple[str, ...] = (
    "GET /sign-in", "GET /", "GET /parts/today", "GET /more", "GET /home", "GET /views", "GET /views/new",
    "POST /views/new", "POST /views/home/today", "GET /parts/due", "GET /backbone", "GET /parts/backbone",
    "GET /contacts", "GET /parts/debrief-label", "GET /static/{version}/{path:path}", "GET /people/new",
    "GET /posts/new", "GET /access", "GET /emergency", "POST /emergency", "GET /emergencies",
    "GET /emergency/reads", "GET /parts/emergency", "GET /view-as", "POST /view-as/leave",
    "GET /account", "POST /account/passkeys/{passkey_id}/rename",
    "POST /account/passkeys/{passkey_id}/remove",
    "GET /webhooks", "GET /jobs", "GET /jobs/import", "GET /password", "GET /removals",
)  # fmt: skip
FILTERED = (
    "/engagements", "/organisations", "/places", "/search", "/map", "/timeline", "/parts/timeline",
    "/commitments", "/parts/commitments", "/people", "/posts", "/parts/list/{plural}",
    "/parts/map-rows", "/map.geojson",
)  # fmt: skip
ENGAGEMENT_STEPS = ("plan", "approve", "close", "confirm", "cancel", "hold", "postpone", "replan", "link",
                    "debrief")  # fmt: skip
POST_STEPS = ("amend", "take", "leave", "retire")


def pages(*paths: str) -> Asks:
    """`{engagement}` and the like stand for the things."""
    return lambda things: [
        Request("GET", path.format_map(things), page=True) for path in paths if path
    ]


def forms(*paths: str) -> Asks:
    """Each sent empty, and with right values for every field that any form has."""
    return lambda things: [
        Request("POST", path.format_map(things), values, page=True)
        for path in paths
        for values in ({}, _values(things))
    ]


def _rows() -> Iterator[tuple[str, Row]]:
    yield from dict.fromkeys(WHOLE, NAMES_NOTHING).items()
    for path in FILTERED:
        yield f"GET {path}", _filtered(path.replace("{plural}", "engagements"))
    yield from _typed()
    yield from _engagements()
    yield from _promises()
    yield from _contacts()
    yield from _records()
    yield "GET /attachments/{record_id}/content", pages("/attachments/{attachment}/content")
    yield from _access()
    one, thing = "/emergencies/{emergency_id}", "/emergencies/{glass}"
    yield f"GET {one}", pages(thing, f"{thing}?cursor=none")
    for step in ("close", "review"):
        yield f"POST {one}/{step}", forms(f"{thing}/{step}")
    yield "POST /view-as", forms("/view-as")
    yield "GET /webhooks/{webhook_id}", pages("/webhooks/{webhook}")
    yield "POST /webhooks/{webhook_id}/replay", forms("/webhooks/{webhook}/replay")
    acts = (f"/webhooks/{{webhook}}/{one}" for one in (*WEBHOOK_ACTS, "no-such-act"))
    yield "POST /webhooks/{webhook_id}/{act}", forms(*acts)
    yield from _jobs()
    for step in ("home", "rename", "delete"):
        yield f"POST /views/{{view_id}}/{step}", forms(f"/views/{{view}}/{step}")


def _jobs() -> Iterator[tuple[str, Row]]:
    exported = {"records": "engagements", "format": "csv"}
    yield (
        "POST /jobs/export",
        lambda things: [
            Request("POST", "/jobs/export", exported | {"party": things["organisation"]}, page=True)
        ],
    )
    yield (
        "POST /jobs/import",
        "Its rows go the way of POST /v1/<kind>s/import, which has rows of its own.",
    )
    yield "GET /jobs/{job_id}", pages("/jobs/{own_job}", "/jobs/{own_job}?cursor=none")
    yield "GET /parts/jobs/{job_id}", pages("/parts/jobs/{own_job}")
    yield "GET /jobs/{job_id}/reasons", pages("/jobs/{own_job}/reasons")
    every = (f"/jobs/{{own_job}}/{one}" for one in ("cancel", "no-such-act", "import", "delete"))
    yield "POST /jobs/{job_id}/{act}", forms(*every)


def _records() -> Iterator[tuple[str, Row]]:
    """What there is beside the record itself."""
    for path in ("/records/", "/parts/records/"):
        yield f"GET {path}{{record_id}}", pages(*(f"{path}{{{kind}}}" for kind in RECORD_KINDS))
    parts = (f"/parts/records/{{{kind}}}/removal" for kind in RECORD_KINDS)
    yield "GET /parts/records/{record_id}/removal", pages(*parts)
    for part in ("dates", "access", "extracts", "release", "removal"):
        every = (f"/records/{{{kind}}}/{part}" for kind in RECORD_KINDS)
        yield f"GET /records/{{record_id}}/{part}", pages(*every)
    for part in ("dates", "review", "extracts", "release", "recall", "removal"):
        every = (f"/records/{{{kind}}}/{part}" for kind in RECORD_KINDS)
        yield f"POST /records/{{record_id}}/{part}", forms(*every)
    every = (f"/records/{{{k}}}/extracts/{{{k}}}/checked" for k in RECORD_KINDS)
    yield "POST /records/{record_id}/extracts/{extract_id}/checked", forms(*every)
    answers = ("agree", "approve", "refuse", "withdraw", "no-such-answer")
    every = (f"/records/{{{k}}}/release/{one}" for k in RECORD_KINDS for one in answers)
    yield "POST /records/{record_id}/release/{answer}", forms(*every)
    every = (
        f"/records/{{{k}}}/removal/{one}"
        for k in RECORD_KINDS
        for one in ("approve", "refuse", "no-such-answer")
    )
    yield "POST /records/{record_id}/removal/{answer}", forms(*every)


def _filtered(path: str) -> Asks:
    seen = {"bbox": "31,9,32.5,10.5", "zoom": "9", "from": "2031-03-01", "to": "2031-03-03"}
    asked = ({"party": "{organisation}", "area": "{pcode}", **seen}, {"party": "{organisation}"},
             {"area": "{pcode}"}, {"q": "{word}"})  # fmt: skip
    return pages(*(f"{path}?{urlencode(query, safe='{}')}" for query in asked))


def _typed() -> Iterator[tuple[str, Row]]:
    """What is proposed to somebody who types a name."""
    yield "GET /parts/palette", pages("/parts/palette?q={word}")
    choices = (f"/parts/choices/{which}?q={{word}}" for which in ("persons", "organisations"))
    yield "GET /parts/choices/{which}", pages(*choices)
    yield "GET /parts/organisation-names", pages("/parts/organisation-names?organisation_0={word}")
    yield "GET /parts/suggested", pages("/parts/suggested?place_id={place}&ids={person}")


def _engagements() -> Iterator[tuple[str, Row]]:
    one, thing = "/engagements/{record_id}", "/engagements/{engagement}"
    yield f"GET {one}", pages(thing, f"{thing}?tab=history", "/engagements/{person}")
    yield f"GET {one}/debrief", pages(f"{thing}/debrief")
    steps = (*ENGAGEMENT_STEPS, "no-such-step", "link?provisional={person}")
    yield f"GET {one}/{{step}}", pages(*(f"{thing}/{step}" for step in steps))
    for step in ENGAGEMENT_STEPS:
        yield f"POST {one}/{step}", forms(f"{thing}/{step}")
    yield "GET /engagements/new", NAMES_NOTHING
    yield "POST /engagements/new", forms("/engagements/new")
    yield "GET /debrief", NAMES_NOTHING
    yield "POST /debrief", forms("/debrief")


def _promises() -> Iterator[tuple[str, Row]]:
    one, thing = "/commitments/{record_id}", "/commitments/{commitment}"
    yield f"GET {one}", pages(thing, f"{thing}?tab=history", "/commitments/{person}")
    yield f"GET /parts{one}", pages(f"/parts{thing}", "/parts/commitments/{person}")
    yield f"POST {one}/accept", forms(f"{thing}/accept")
    yield f"POST {one}/attachments", forms(f"{thing}/attachments")
    steps = [f"{thing}/{step}" for step in (*PROMISE_STEPS, "no-such-step")]
    yield f"GET {one}/{{step}}", pages(*steps)
    yield f"POST {one}/{{step}}", forms(*steps)
    new = "/commitments/new"
    yield f"GET {new}", pages(f"{new}?engagement={{engagement}}", f"{new}?party={{person}}")
    yield f"POST {new}", forms(new)


def _contacts() -> Iterator[tuple[str, Row]]:
    for plural, kind in (("organisations", "organisation"), ("places", "place")):
        yield (
            f"GET /{plural}/{{record_id}}",
            pages(f"/{plural}/{{{kind}}}", f"/{plural}/{{post}}"),
        )
    for plural, kind, known in (
        ("people", "person", tuple(PERSON_STEPS)),
        ("posts", "post", POST_STEPS),
    ):
        one, thing = f"/{plural}/{{record_id}}", f"/{plural}/{{{kind}}}"
        steps = [f"{thing}/{step}" for step in (*known, "no-such-step")]
        taken = [f"{thing}/take?person={{person}}"] if kind == "post" else []
        yield f"POST /{plural}/new", forms(f"/{plural}/new")
        yield f"GET {one}", pages(thing, f"/{plural}/{{place}}")
        yield f"GET {one}/{{step}}", pages(*steps, *taken)
        yield f"POST {one}/{{step}}", forms(*steps)
    yield "GET /people/{record_id}/read_private", pages("/people/{person}/read_private")
    yield "POST /people/{record_id}/read_private", forms("/people/{person}/read_private")
    for step in ("merge", "unmerge"):
        every = [f"/{PLURALS[kind]}/{{{kind}}}/{step}" for kind in map(Kind, RECORD_KINDS[:-1])]
        yield f"GET /{{plural}}/{{record_id}}/{step}", pages(*every)
        yield f"POST /{{plural}}/{{record_id}}/{step}", forms(*every)


def _access() -> Iterator[tuple[str, Row]]:
    """To everybody but its administrators none of these is a page."""
    one, thing = "/access/{plural}/{record_id}", "/access/{family}/{thing}"
    things = [(family.plural, f"{{{family.kind.value}}}", family.verbs) for family in FAMILIES]
    every = [thing.format(family=plural, thing=named) for plural, named, _ in things]
    steps = [
        f"/access/{plural}/{named}/{verb}" for plural, named, verbs in things for verb in verbs
    ]
    families = [f"/access/{plural}" for plural, *_ in things]
    yield "GET /access/{plural}", pages(*(f"{family}?q={{word}}" for family in families))
    yield "GET /access/{plural}/new", pages(*(f"{family}/new" for family in families))
    yield "POST /access/{plural}/new", forms(*(f"{family}/new" for family in families))
    yield f"GET {one}", pages(*every)
    yield f"GET {one}/{{step}}", pages(*steps)
    yield f"POST {one}/{{step}}", forms(*steps)


def _values(things: Things) -> dict[str, str]:
    return {
        "date": "2031-03-02", "time": "09:00", "reason": "routes", "purpose": "Talks",
        "type": "routine_liaison", "person_id": things["person"], "person": things["word"],
        "organisation_id": things["organisation"], "organisation": things["word"],
        "organisation_0": things["word"], "organisation_id_0": things["organisation"],
        "whoid_0": things["person"], "who_0": things["word"], "place_id": things["place"],
        "place": things["word"], "engagement_id": things["engagement"], "party": things["word"],
        "party_id": things["person"], "provisional_id": things["person"], "what": "Repair the ferry",
        "direction": "by_us", "summary": "They agreed.", "text": "It was not so.", "progress": "1",
        "evidence": "Seen.", "attachments": things["attachment"], "name": "Invented Person",
        "described_as": "Chief of the ferry", "since": "2025-01-01", "until": "2025-02-01",
        "into": things["organisation"], "target": things["word"], "target_id": things["person"],
        "confirmed": "yes", "private_note": "Knows the ferry.", "alias": "Another name",
        "ground": "spill", "understood": "yes",
        "language": "fra", "speaking": "2", "version": "1", "finding": "justified", "note": "In time",
        "audience": f"org:{things['organisation']}",
    }  # fmt: skip


PAGES: dict[str, Row] = dict(_rows())
