"""What a file is, told by its content: only kinds that cannot run anything are taken. Pure."""

import io
import re
import zipfile

from shared.errors import InvalidError, invalid

PLAIN, CSV = "text/plain", "text/csv"
ANY = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
DOCUMENTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}
OPEN_DOCUMENTS = frozenset({f"{_OPEN}.text", f"{_OPEN}.spreadsheet"})
MACROS = "vbaproject.bin"
MIME_LIMIT_BYTES = 100
# Office's own containers hold a few dozen files.
FILES_LIMIT = 5_000

_BEGINNINGS = (
    (re.compile(rb"%PDF-\d"), "application/pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def media_type_of(content: bytes, declared: str) -> str:
    """The media type. Raises InvalidError for kinds that are not taken, and when `declared` differs.

    `declared`: as sent, parameters and all; empty or `application/octet-stream`: the sender cannot say.
    """
    said = declared.partition(";")[0].strip().lower()
    found = _found(content)
    if found is None:
        raise _wrong("media_not_taken", "Send a PDF, an image, text, or an office document.")
    if found == PLAIN and said == CSV:
        return CSV
    if said not in ("", ANY, found):
        raise _wrong("media_mismatch", "The file is not what its media type says.")
    return found


def _found(content: bytes) -> str | None:
    for beginning, media_type in _BEGINNINGS:
        if beginning.match(content):
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _document(content)
    return PLAIN if content and _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        return not _NOT_TEXT.search(content.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _document(content: bytes) -> str | None:
    """An office document without macros; any other archive is not taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
            if len(names) > FILES_LIMIT or any(name.endswith(MACROS) for name in names):
                return None
            if "mimetype" in names:
                return _open_document(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError, OSError):
        return None
    return next((media for name, media in DOCUMENTS.items() if name in names), None)


def _open_document(archive: zipfile.ZipFile) -> str | None:
    with archive.open("mimetype") as told:
        found = told.read(MIME_LIMIT_BYTES).decode("ascii", "replace")
    return found if found in OPEN_DOCUMENTS else None


def _wrong(code: str, detail: str) -> InvalidError:
    return invalid("/content", code, detail)
