"""Files that belong to a record: sent as they are or in a form, given out to those who may read them."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.authentication import authenticated
from services.gateway.partner_api.kinds import ATTACHMENTS
from services.gateway.partner_api.queries import query_of
from services.gateway.partner_api.reading import Reading
from services.gateway.partner_api.writing import Writing
from services.gateway.reads.channels import Channel
from services.gateway.upstream import RAW
from services.gateway.wiring import gateway_of
from shared.errors import MalformedError, TooLargeError
from shared.http_edge import FILE_LIMIT_BYTES, UPLOAD_LIMIT_BYTES, Uploads
from shared.ids import Kind

# Of the API; a page that takes a file has the same address without `/v1`.
UPLOADS = Uploads(re.compile(r"(/v1)?/commitments/[^/]+/attachments"))
FILE_FIELD = "file"
FIELDS_LIMIT = 8
NAME_LIMIT = 300
# Whatever a browser makes of it, it runs nothing and is shown in no page of ours.
KEPT_APART = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: its name, the media type its sender names, and what it holds."""

    name: str
    media_type: str
    content: bytes


async def attached(request: Request) -> Response:
    """POST /v1/commitments/{id}/attachments."""
    record_id = Reading(Kind.COMMITMENT).record_id(request.path_params["id"])
    await authenticated(request)  # before anything large is read
    sent = await sent_file(request)
    named = urlencode({"name": sent.name, "declared": sent.media_type}, quote_via=quote, safe="")
    path = f"/commitments/{record_id}/attachments?{named}"
    headers = {"Content-Type": RAW}
    return await Writing(ATTACHMENTS).sent_on(request, path, sent.content, headers)


async def content(request: Request) -> Response:
    """GET /v1/attachments/{id}/content."""
    gateway, principal = gateway_of(request), (await authenticated(request)).principal
    query_of(request, set())
    read = gateway.upstream.by(Channel.FILE)
    view = await Reading(Kind.ATTACHMENT).view(read, principal, request.path_params["id"])
    found = await gateway.upstream.file(
        ATTACHMENTS.service, f"/attachments/{view['id']}/content", principal
    )
    name = quote((view.get("name") or {}).get("text") or view["id"], safe="")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(found, media_type=view["media_type"], headers=KEPT_APART | disposition)


async def sent_file(request: Request) -> Sent:
    """The body itself, named by `?name=`, or the file of a form. Raises MalformedError, TooLargeError."""
    media_type = request.headers.get("content-type", "")
    if media_type.partition(";")[0].strip().lower() == "multipart/form-data":
        sent = await _of_form(request)
    else:
        sent = Sent(request.query_params.get("name", ""), media_type, await request.body())
    if len(sent.content) > FILE_LIMIT_BYTES:
        raise TooLargeError(f"A file holds at most {FILE_LIMIT_BYTES} bytes.")
    if not 0 < len(sent.name) <= NAME_LIMIT or "\x00" in sent.name:
        raise MalformedError(f"Give the file a name of 1 to {NAME_LIMIT} characters, by ?name=.")
    return sent


class _InMemory(MultiPartParser):
    """Content is never written to a disk in clear."""

    spool_max_size = UPLOAD_LIMIT_BYTES


async def _of_form(request: Request) -> Sent:
    parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=FIELDS_LIMIT)
    try:
        form = await parser.parse()
    except MultiPartException as wrong:
        raise MalformedError("The form cannot be read.") from wrong
    file = form.get(FILE_FIELD)
    if not isinstance(file, UploadFile):
        raise MalformedError(f"Send the file in the field `{FILE_FIELD}`.")
    name = request.query_params.get("name") or file.filename or ""
    return Sent(name, file.content_type or "", await file.read())
