"""The files pages load: read once, compressed once, served under a folder named for their content.

`/static/<version>/..` never changes and is cached for good; a new build has another version, and links
between the files are relative, so all of them move together.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt"}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by path. `version` changes with any byte of any file."""

    version: str
    files: dict[str, Asset]

    def url(self, path: str) -> str:
        """Where a page finds `path`. Raises KeyError for a file that is not there."""
        self.files[path]
        return f"/static/{self.version}/{path}"

    def answer(self, request: Request, version: str, path: str) -> Response:
        """The file, compressed when the browser can; 404 under any other version."""
        found = self.files.get(path) if version == self.version else None
        if found is None:
            return PlainTextResponse("Not found", 404)
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(found.packed, headers=headers, media_type=found.media_type)
        return Response(found.body, headers=headers, media_type=found.media_type)


def load_assets(folder: Path = FOLDER, generated: dict[str, bytes] | None = None) -> Assets:
    """Reads the folder; `generated` adds files made from settings, by path. About 100 ms."""
    bodies = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in TYPES
    } | (generated or {})
    digest = hashlib.sha256()
    for path, body in bodies.items():
        digest.update(path.encode() + b"\0" + hashlib.sha256(body).digest())
    return Assets(digest.hexdigest()[:12], {path: _asset(path, b) for path, b in bodies.items()})


@cache
def _asset(path: str, body: bytes) -> Asset:
    suffix = Path(path).suffix
    packed = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSIBLE else None
    return Asset(body, packed, TYPES[suffix])
