"""The routes of the partner API: for every kind the same ones, made from the table in kinds.py."""

from starlette.routing import Route

from services.gateway.partner_api import attachments, attending, sandbox
from services.gateway.partner_api.batches import Batches
from services.gateway.partner_api.documents import document_routes
from services.gateway.partner_api.heads import heads
from services.gateway.partner_api.kinds import ATTACHMENTS, KINDS, KindApi
from services.gateway.partner_api.reading import Reading
from services.gateway.partner_api.suggesting import suggest
from services.gateway.partner_api.writing import Writing
from services.gateway.segments import record_of, verbs_of
from shared.ids import Kind


def partner_routes() -> list[Route]:
    routes = [route for api in KINDS for route in _kind_routes(api)]
    return [
        *_attending_routes(),
        *_attachment_routes(),
        *routes,
        *_record_routes(),
        Route("/v1/heads", heads, methods=["GET"]),
        Route(sandbox.PATH, sandbox.happen, methods=["POST"]),
        *document_routes(),
    ]


def _attending_routes() -> list[Route]:
    """Before `/v1/engagements/{id}`, which would take their names for ids."""
    base = "/v1/engagements"
    return [
        Route(f"{base}/suggested_attendees", attending.suggested_attendees, methods=["GET"]),
        Route(f"{base}/overlaps", attending.overlaps, methods=["GET"]),
    ]


def _attachment_routes() -> list[Route]:
    """Before `/v1/commitments/{id}/{verb}`, which would take files for JSON."""
    reading, writing, base = Reading(Kind.ATTACHMENT), Writing(ATTACHMENTS), "/v1/attachments"
    return [
        Route("/v1/commitments/{id}/attachments", attachments.attached, methods=["POST"]),
        Route(base, reading.listed, methods=["GET"]),
        Route(f"{base}/{{id}}", reading.one, methods=["GET"]),
        Route(f"{base}/{{id}}/content", attachments.content, methods=["GET"]),
        Route(verbs_of(f"{base}/{{id}}"), writing.acted, methods=["POST"]),
    ]


def _kind_routes(api: KindApi) -> list[Route]:
    reading, writing, base = Reading(api.kind), Writing(api), f"/v1/{api.plural}"
    return [
        Route(base, reading.listed, methods=["GET"]),
        Route(base, writing.created, methods=["POST"]),
        Route(f"{base}/batch", Batches(api).sent, methods=["POST"]),
        Route(f"{base}/external/{{system}}/{{external_id:path}}", writing.put, methods=["PUT"]),
        Route(record_of(base), reading.one, methods=["GET"]),
        *(Route(f"{base}/{way}", writing.created, methods=["POST"]) for way in api.creators if way),
        Route(verbs_of(f"{base}/{{id}}"), writing.acted, methods=["POST"]),
    ]


def _record_routes() -> list[Route]:
    reading = Reading(None)
    return [
        Route("/v1/records", reading.listed, methods=["GET"]),
        Route("/v1/records/map", reading.mapped, methods=["GET"]),
        Route("/v1/records/suggest", suggest, methods=["GET"]),
        Route("/v1/records/{id}", reading.one, methods=["GET"]),
        Route("/v1/records/{id}/history", reading.history, methods=["GET"]),
        Route("/v1/records/{id}/edges", reading.edges, methods=["GET"]),
        Route("/v1/records/{id}/extracts", reading.extracts, methods=["GET"]),
        Route("/v1/records/{id}/removal", reading.removal, methods=["GET"]),
    ]
