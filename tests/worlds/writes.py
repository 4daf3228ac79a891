"""Writes a program may make: a function a row of WRITES."""

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

from services.gateway.partner_api.kinds import KINDS
from tests.worlds import vocabulary
from tests.worlds.asking import Request
from tests.worlds.known import Known, plural_of
from tests.worlds.vocabulary import HIDDEN, MILITARY, OPEN, SYSTEMS

Json = dict[str, Any]  # Any: JSON
Step = Callable[[Random, Known], Request]
CREATED = ("organisations", "people", "engagements", "commitments", "posts")
CREATED_KINDS = tuple(api.kind.value for api in KINDS if api.plural in CREATED)
VERBS = {api.plural: tuple(api.verbs) for api in KINDS}
# Enough for most verbs to be carried out; the others refuse what they do not know, alike in both worlds.
BODIES: dict[str, Json] = {
    "cancel": {"reason": "routes"}, "alias": {"alias": "Another name"}, "progress": {"progress": 1},
    "dispute": {"text": "It was not so."}, "keep": {"evidence": "Seen."}, "break": {"reason": "No road."},
    "renegotiate": {"reason": "Rain.", "due_at": "2031-04-01T09:00:00Z"}, "withdraw": {"reason": "Error."},
    "assess": {"assessment": "They will keep it."}, "rename": {"name": "Achol Majok"},
    "debrief": {"summary": "They agreed."}, "protocol": {"notes": [{"text": "Offers tea"}]},
    "private": {"private_note": "Knows the ferry."},
    "language": {"language": "fra", "profile": {"speaking": 2}},
}  # fmt: skip


def body_of(chance: Random, plural: str, label: Json, known: Known) -> Json:
    people, houses = known.open_to_all("person"), known.open_to_all("organisation")
    match plural:
        case "organisations":
            return vocabulary.organisation(chance, label)
        case "people":
            return vocabulary.person(chance, label, houses)
        case "posts":
            return vocabulary.post(chance, label, houses)
        case "commitments":
            return vocabulary.commitment(chance, label, houses)
        case _:
            return vocabulary.engagement(chance, label, people, houses)


def post(path: str, body: Json, chance: Random, **headers: str) -> Request:
    return Request(
        "POST", path, body, {"Idempotency-Key": f"{chance.getrandbits(64):x}", **headers}
    )


def extracted(chance: Random, known: Known) -> Request:
    """Of what its caller made or, where that is nothing, of whatever was met: hidden, or another's."""
    source = chance.choice(known.made) if known.made else known.an_id(chance, *CREATED_KINDS)
    plural = plural_of(source)
    body = body_of(chance, plural, chance.choice((OPEN, MILITARY)), known)
    return post(f"/v1/{plural}", body | {"extract_of": source}, chance)


def foreseen(chance: Random, known: Known) -> Request:
    """What others would read of an extract, which refers to whatever was met."""
    asked = extracted(chance, known)
    extract: Json = {**(asked.body or {})}
    source = extract.pop("extract_of")
    if "purpose" in extract:
        party = known.an_id(chance, "organisation")
        extract["participants"] = [{"side": "counterpart", "organisation_id": party}]
    told = {"extract": extract, "audience": chance.choice(("un", "ngo", "mil"))}
    return post(f"/v1/records/{source}/extract_preview", told, chance)


def created(chance: Random, known: Known) -> Request:
    plural = chance.choice(CREATED)
    body = body_of(chance, plural, chance.choice((OPEN, MILITARY, HIDDEN[0])), known)
    if plural == "engagements" and chance.random() < 0.4:
        # Refers to whatever was met: what is hidden must be refused as what is absent.
        body["participants"] = [
            {"side": "counterpart", "person_id": known.an_id(chance, "person")},
            {"side": "counterpart", "organisation_id": known.an_id(chance, "organisation")},
        ]
    trial = "?validate_only=true" if chance.random() < 0.3 else ""
    return post(f"/v1/{plural}{trial}", body, chance)


def put(chance: Random, known: Known) -> Request:
    plural = chance.choice(CREATED)
    system, external_id = chance.choice(SYSTEMS)
    body = body_of(chance, plural, OPEN, known)
    path = f"/v1/{plural}/external/{system}/{quote(external_id, safe='')}"
    return Request("PUT", path, body)


def acted(chance: Random, known: Known) -> Request:
    record_id = known.an_id(chance)
    plural = plural_of(record_id)
    verb = chance.choice(VERBS.get(plural, ("withdraw",)))
    body = BODIES.get(verb, {})
    if verb == "amend":
        body = body_of(chance, plural, OPEN, known) | {"reason": "Better known."}
    if verb == "relabel":
        body = {"label": OPEN}
    if verb in ("merge", "link", "take", "tie", "check_extract"):
        body = _referring(chance, verb, known)
    headers = {}
    if chance.random() < 0.7:
        headers["If-Match"] = known.etags.get(record_id, chance.choice(('"stale"', "*")))
    trial = "?validate_only=true" if chance.random() < 0.2 else ""
    return post(f"/v1/{plural}/{record_id}/{verb}{trial}", body, chance, **headers)


def repeated(chance: Random, known: Known) -> Request:
    return chance.choice(known.writes) if known.writes else created(chance, known)


def batched(chance: Random, known: Known) -> Request:
    """Of one record: which of two comes first on the feed is chance, in one world as in another."""
    plural = chance.choice(CREATED)
    items: list[Json] = [{"body": body_of(chance, plural, OPEN, known)}]
    if chance.random() < 0.5:
        named = {"id": known.an_id(chance)}
        amended = items[0]["body"] | {"reason": "Better known."}
        items = [
            {"action": "relabel", **named, "body": {"label": OPEN}},
            {"action": "amend", **named, "body": amended},
        ]
    keyed = [{"key": f"{chance.getrandbits(64):x}", **item} for item in items]
    return post(f"/v1/{plural}/batch", {"items": keyed}, chance)


WRITES: dict[Step, int] = {
    created: 4,
    extracted: 2,
    foreseen: 1,
    put: 2,
    acted: 6,
    repeated: 1,
    batched: 1,
}


def _referring(chance: Random, verb: str, known: Known) -> Json:
    match verb:
        case "merge":
            return {"into": known.an_id(chance, "organisation", "person")}
        case "check_extract":
            return {"extract": known.an_id(chance, *CREATED_KINDS)}
        case "link":
            person = known.an_id(chance, "person")
            return {"provisional_id": known.an_id(chance, "person"), "person_id": person}
        case "take":
            return {"person_id": known.an_id(chance, "person"), "since": "2025-01-01"}
        case _:
            return {"organisation_id": known.an_id(chance, "organisation")}
