"""Passwords that became known elsewhere: a list of ours, and one an operator may lay beside it.

Both are lines of SHA-1 in upper-case hexadecimal digits, in order, as Pwned Passwords are published:
`DIGEST` or `DIGEST:COUNT`. Ours holds the 5,000 long ones found most often in the public RockYou leak, in
small letters, 16 digits each: nobody's password is spelled out. SHA-1 finds a line, it protects nothing.
"""

import asyncio
import re
from dataclasses import dataclass
from hashlib import sha1
from mmap import ACCESS_READ, mmap
from pathlib import Path

OURS = Path(__file__).with_suffix(".txt")
# What people put around a word when it is refused.
_AROUND = "0123456789 !?.,;:-_*+#@$%&/()='\""
_LINE = re.compile(rb"[0-9A-F]{16,40}(:\d+)?\r?\n")


@dataclass(frozen=True, slots=True)
class KnownPasswords:
    files: tuple[mmap, ...]

    async def has(self, password: str) -> bool:
        """Whether it, or what it plainly was made of, is on a list. Reads the lists' files."""
        return await asyncio.to_thread(self._has, password)

    def _has(self, password: str) -> bool:
        digests = [_digest(each) for each in _plainer(password)]
        return any(_holds(file, digest) for file in self.files for digest in digests)


def open_known_passwords(operators: Path | None) -> KnownPasswords:
    """Raises OSError when the operator's file cannot be read, ValueError when it is no such list."""
    files = (OURS, operators) if operators else (OURS,)
    return KnownPasswords(tuple(_opened(file) for file in files))


def _opened(path: Path) -> mmap:
    with path.open("rb") as file:
        if not _LINE.match(file.read(100)):
            raise ValueError(f"{path} is no list of SHA-1 digests")
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _plainer(password: str) -> set[str]:
    """As it is, in small letters, without what was put around it, without spaces."""
    folded = password.casefold()
    return {password, folded, folded.strip(_AROUND), "".join(folded.split())}


def _digest(text: str) -> bytes:
    return sha1(text.encode(), usedforsecurity=False).hexdigest().upper().encode()


def _holds(file: mmap, digest: bytes) -> bool:
    """By halving: the whole of Pwned Passwords takes some forty looks."""
    low, high = 0, len(file)
    while low < high:
        middle = (low + high) // 2
        start, end = file.rfind(b"\n", 0, middle) + 1, file.find(b"\n", middle)
        end = len(file) if end < 0 else end
        known = file[start:end].partition(b":")[0].strip()
        if known and digest.startswith(known):
            return True
        low, high = (end + 1, high) if known < digest else (low, start)
    return False
