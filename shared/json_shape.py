"""What no JSON body may be, whatever a route makes of it. Pure: bytes in, a verdict out."""

import math
import re

_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
# What a number beyond every float needs to be spelled: looked for first, because nearly no body has it.
_SUSPECT = re.compile(rb"NaN|Infinity|[eE]\+?\d{3}|\d{200}")
_NO_NUMBER = re.compile(rb"NaN|Infinity")
# An escape in a JSON string: a pair of surrogates, half of one, or any other.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL
)
_NUMBER = re.compile(rb"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def nesting_exceeds(body: bytes, limit: int) -> bool:
    """Whether JSON objects and lists lie more than `limit` deep in `body`."""
    if body.count(b"{") + body.count(b"[") <= limit:
        return False
    depth = 0
    for byte in _STRINGS.sub(b"", body):
        if byte in b"{[":
            depth += 1
            if depth > limit:
                return True
        elif byte in b"}]":
            depth -= 1
    return False


def is_no_text(body: bytes) -> bool:
    """Whether `body` is not UTF-8, which JSON has to be (RFC 8259, 8.1), or a string in it holds half of a
    surrogate pair, which is no character (RFC 7493, 2.1).

    Readers of JSON differ over both: one refuses, one makes of it a text that nobody can write down again.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    if b"\0" in body:
        return True  # UTF-16 or UTF-32: in JSON the character itself is spelled as an escape
    if rb"\u" not in body:
        return False
    return any(escape["half"] for escape in _ESCAPE.finditer(body))


def has_endless_number(body: bytes) -> bool:
    """Whether a number of `body` is none (NaN, Infinity, which RFC 8259 does not know) or beyond every float.

    Readers of JSON differ over them: one refuses, one makes infinity of it, one null, which clears a field.
    """
    if not _SUSPECT.search(body):
        return False
    bare = _STRINGS.sub(b'""', body)
    return bool(_NO_NUMBER.search(bare)) or any(
        math.isinf(float(number)) for number in _NUMBER.findall(bare)
    )
