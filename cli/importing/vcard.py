"""Cards out of a vCard file: versions 3.0 (RFC 2426) and 4.0 (RFC 6350), and what is seen of 2.1.

Lines are unfolded as bytes, because old writers fold in the middle of a letter. Values keep their escapes:
who asks for a list or for parts must be able to tell a comma from an escaped one.
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

UTF_8 = "utf-8"

_FOLD = re.compile(rb"\n[ \t]")
# RFC 2045, 6.7: a line that goes on ends with "="; only such values of 2.1 do.
_SOFT_BREAK = re.compile(rb"=\n")
_QUOTED_PRINTABLE = re.compile(rb"[^:\n]*;[^:\n]*QUOTED-PRINTABLE", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_HEAD = re.compile(r'((?:[^":]|"[^"]*")*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r'((?:[^";]|"[^"]*")+)')


class UnreadableCardError(Exception):
    """What is wrong with one card, in words for whoever has the file."""


@dataclass(frozen=True, slots=True)
class Property:
    """`types`: of TYPE, and the bare parameters of 2.1, in lower case. `value` still has its escapes."""

    name: str
    value: str
    types: frozenset[str] = frozenset()
    language: str = ""

    @property
    def text(self) -> str:
        return unescaped(self.value).strip()

    @property
    def parts(self) -> tuple[str, ...]:
        """The value's parts, as of a structured name; each without escapes."""
        return tuple(unescaped(part).strip() for part in _split(self.value, ";"))

    @property
    def items(self) -> tuple[str, ...]:
        """The value as a list."""
        found = (unescaped(item).strip() for item in _split(self.value, ","))
        return tuple(item for item in found if item)


@dataclass(frozen=True, slots=True)
class Card:
    """One card and the line it begins on. `source`: its bytes, unfolded."""

    line: int
    source: bytes

    def properties(self) -> tuple[Property, ...]:
        """Raises UnreadableCardError for a line that is none, or not in the charset it says."""
        lines = _whole_lines(self.source)
        return tuple(_property(line) for line in lines if line.strip())


def cards_of(content: bytes) -> list[Card]:
    """Raises UnreadableCardError when a card does not end, or something stands outside of one."""
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    found, begun, inside = list[Card](), 0, list[bytes]()
    for number, line in enumerate(lines.split(b"\n"), start=1):
        match line.strip().upper():
            case b"BEGIN:VCARD" if not begun:
                begun, inside = number, []
            case b"END:VCARD" if begun:
                found.append(Card(begun, _FOLD.sub(b"", b"\n".join(inside))))
                begun = 0
            case b"":
                inside.append(line)
            case _ if begun:
                inside.append(line)
            case _:
                raise UnreadableCardError(f"Line {number} stands outside of any card.")
    if begun:
        raise UnreadableCardError(f"The card of line {begun} does not end.")
    return found


def unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _whole_lines(source: bytes) -> Iterator[bytes]:
    """Lines, those of quoted-printable values with the lines they go on in."""
    waiting = b""
    for line in source.split(b"\n"):
        whole = waiting + line
        if whole.endswith(b"=") and _QUOTED_PRINTABLE.match(whole):
            waiting = whole + b"\n"
            continue
        yield _SOFT_BREAK.sub(b"", whole)
        waiting = b""
    if waiting:
        yield _SOFT_BREAK.sub(b"", waiting)


def _property(line: bytes) -> Property:
    # Latin 1 keeps every byte until the charset is known; what comes before the colon is ASCII.
    found = _HEAD.fullmatch(line.decode("latin-1"))
    if found is None:
        raise UnreadableCardError(f"A line of the card has no colon: {_shown(line)}")
    name, *parameters = _PARAMETER.findall(found[1])
    said = [_parameter(parameter) for parameter in parameters]
    named = dict(said)
    raw = found[2].encode("latin-1")
    if "QUOTED-PRINTABLE" in (named.get("ENCODING", "").upper(), *_bare(said)):
        raw = quopri.decodestring(raw)
    return Property(
        # A group ("item1.TEL") only says which lines belong together.
        name=name.rpartition(".")[2].strip().upper(),
        value=_decoded(raw, named.get("CHARSET", UTF_8)),
        types=_types(said),
        language=named.get("LANGUAGE", ""),
    )


def _parameter(spelled: str) -> tuple[str, str]:
    """Name and value; of a bare one, as in 2.1, the name is empty."""
    name, equals, value = spelled.partition("=")
    return (name.strip().upper(), value.strip().strip('"')) if equals else ("", spelled.strip())


def _bare(said: list[tuple[str, str]]) -> list[str]:
    return [value.upper() for name, value in said if not name]


def _types(said: list[tuple[str, str]]) -> frozenset[str]:
    lists = (value.lower().split(",") for name, value in said if name in ("TYPE", ""))
    return frozenset(each.strip() for values in lists for each in values)


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset).replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        wrong = f"A value is not {charset.upper()}: {_shown(raw)}"
        raise UnreadableCardError(wrong) from None


def _split(value: str, separator: str) -> list[str]:
    """At each separator that is not escaped."""
    return re.findall(rf"(?:^|{separator})((?:\\.|[^\\{separator}])*)", value, re.DOTALL)


def _shown(line: bytes) -> str:
    return line[:60].decode("ascii", "replace")
