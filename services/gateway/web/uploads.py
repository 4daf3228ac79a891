"""Forms that bring a file along, read in memory: what is in it is never written to a disk in clear."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from services.gateway.partner_api.attachments import FILE_FIELD
from services.gateway.web.page import Page
from shared.errors import MalformedError, TooLargeError
from shared.http_edge import FILE_LIMIT_BYTES, UPLOAD_LIMIT_BYTES

FIELDS_LIMIT = 8


class _InMemory(MultiPartParser):
    spool_max_size = UPLOAD_LIMIT_BYTES


@asynccontextmanager
async def form_with_file(page: Page) -> AsyncIterator[FormData]:
    """Nothing of it is kept after. Raises MalformedError for what is no form with at most one file."""
    request = page.request
    try:
        parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=FIELDS_LIMIT)
        data = await parser.parse()
    except MultiPartException as wrong:
        raise MalformedError("The form cannot be read.") from wrong
    try:
        yield data
    finally:
        await data.close()


async def file_of(data: FormData) -> tuple[UploadFile, bytes]:
    """The file and what is in it. Raises MalformedError when none was chosen, TooLargeError."""
    file = data.get(FILE_FIELD)
    if not isinstance(file, UploadFile) or not file.filename:
        raise MalformedError("Choose a file first.", code="no_file")
    content = await file.read()
    if len(content) > FILE_LIMIT_BYTES:
        raise TooLargeError(f"A file holds at most {FILE_LIMIT_BYTES} bytes.")
    return file, content
