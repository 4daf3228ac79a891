"""What a file is, told by its content: only kinds that cannot run anything are taken. Pure."""

import io
import re
import zipfile
from collections.abc import Mapping

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
# What a name may end with. One without an ending promises nothing.
ENDINGS: Mapping[str, frozenset[str]] = {
    "application/pdf": frozenset({"pdf"}),
    "image/png": frozenset({"png"}),
    "image/jpeg": frozenset({"jpg", "jpeg"}),
    "image/webp": frozenset({"webp"}),
    PLAIN: frozenset({"txt", "text", "md", "log", "csv"}),
    CSV: frozenset({"csv"}),
    f"{_OFFICE}.wordprocessingml.document": frozenset({"docx"}),
    f"{_OFFICE}.spreadsheetml.sheet": frozenset({"xlsx"}),
    f"{_OPEN}.text": frozenset({"odt"}),
    f"{_OPEN}.spreadsheet": frozenset({"ods"}),
}
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,10})$")
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


def check_name(name: str, media_type: str) -> None:
    """Raises InvalidError when `name` ends like another kind of file: devices open by the ending."""
    ending = _ENDING.search(name)
    if ending and ending[1].lower() not in ENDINGS[media_type]:
        raise invalid("/name", "ending_mismatch", "The file is not what the end of its name says.")


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
