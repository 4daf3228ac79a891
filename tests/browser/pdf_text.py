"""The text of each sheet of a PDF as the browser prints it: enough of the format for that, no more."""

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n?(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"/Length (\d+).*?stream\r?\n", re.DOTALL)
REFERENCE = re.compile(rb"(\d+) 0 R")
FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> ?Tj|\[((?:[^\]])*)\] ?TJ")
ONE = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
MANY = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")
HEX_OF_A_GLYPH = 4

Glyphs = dict[int, str]


def sheets(pdf: bytes) -> list[str]:
    """Without spaces: where they are is a matter of placing glyphs."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for _, body in sorted(objects.items()) if re.search(rb"/Type /Page\b", body)]
    return [_text(page, objects) for page in pages]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {name: _glyphs(objects[int(at)], objects) for name, at in FONT.findall(page)}
    contents = re.search(rb"/Contents (\d+) 0 R", page)
    assert contents
    found, glyphs = [], Glyphs()
    for font, shown, many in SHOWN.findall(_unpacked(objects[int(contents[1])])):
        glyphs = fonts.get(font, glyphs) if font else glyphs
        written = [shown] if shown else re.findall(rb"<([0-9A-Fa-f]+)>", many)
        found += [_spelled(one.decode(), glyphs) for one in written]
    return re.sub(r"\s+", "", "".join(found))


def _spelled(shown: str, glyphs: Glyphs) -> str:
    starts = range(0, len(shown), HEX_OF_A_GLYPH)
    return "".join(glyphs.get(int(shown[at : at + HEX_OF_A_GLYPH], 16), "") for at in starts)


def _glyphs(font: bytes, objects: dict[int, bytes]) -> Glyphs:
    told = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if not told:
        return {}
    table, found = _unpacked(objects[int(told[1])]), Glyphs()
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, start in MANY.findall(block):
            for at in range(int(first, 16), int(last, 16) + 1):
                found[at] = chr(int(start, 16) + at - int(first, 16))
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        found |= {
            int(a, 16): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in ONE.findall(block)
        }
    return found


def _unpacked(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found
    # By its length: what is compressed may end in what looks like the end of a line.
    content = body[found.end() : found.end() + int(found[1])]
    return zlib.decompress(content) if b"FlateDecode" in body else content
