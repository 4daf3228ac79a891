"""A file as it comes, cut into records: lines, or rows of CSV, whose cells may go on over several lines.

Pure; nothing is understood here. At most one record is held at a time, and what is longer is no row.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.errors import TooLargeError

RECORD_LIMIT_BYTES = 256 * 1024
QUOTE, BLANK = b'"', b" \t\r"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# The line of the file a record begins on, from 1, and its bytes without the end of its last line.
Record = tuple[int, bytes]


@dataclass(slots=True)
class Splitter:
    """`quoted`: whether quotes keep lines together, as in CSV (RFC 4180, 2.6)."""

    quoted: bool
    line: int = 1
    rest: bytes = b""
    held: list[bytes] = field(default_factory=list)
    held_bytes: int = 0
    is_open: bool = False

    def feed(self, chunk: bytes) -> Iterator[Record]:
        """Records that `chunk` completes; blank lines are none. Raises TooLargeError."""
        lines = (self.rest + chunk).split(b"\n")
        self.rest = lines.pop()
        for line in lines:
            yield from self._line(line)
        self._check(len(self.rest))

    def end(self) -> Iterator[Record]:
        """What is left: a last line need not be ended, nor a last quote closed."""
        yield from self._line(self.rest)
        if self.held:
            yield self._record()

    def _line(self, line: bytes) -> Iterator[Record]:
        if self.line == 1:
            line = line.removeprefix(BYTE_ORDER_MARK)
        self._check(len(line))
        self.held.append(line)
        self.held_bytes += len(line) + 1
        self.is_open ^= self.quoted and line.count(QUOTE) % 2 == 1
        self.line += 1
        if not self.is_open:
            record = self._record()
            if record[1].strip(BLANK):
                yield record

    def _record(self) -> Record:
        found = (self.line - len(self.held), b"\n".join(self.held).removesuffix(b"\r"))
        self.held, self.held_bytes, self.is_open = [], 0, False
        return found

    def _check(self, more: int) -> None:
        if self.held_bytes + more > RECORD_LIMIT_BYTES:
            began = self.line - len(self.held)
            raise TooLargeError(
                f"The row that begins on line {began} holds more than {RECORD_LIMIT_BYTES} bytes,"
                " or a quote in it is never closed."
            )
