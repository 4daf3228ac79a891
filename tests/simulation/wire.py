"""Reads publish commands as a server does: by the sizes they name."""

from collections.abc import Iterator

# Subject, reply, headers, body.
Published = tuple[str, str, dict[str, str], bytes]


def published(wire: bytes) -> Iterator[Published]:
    """Every message in `wire`. Raises ValueError when it is anything else."""
    while wire:
        order, _, rest = wire.partition(b"\r\n")
        verb, subject, *reply, head_size, size = order.decode().split()
        head, body = rest[: int(head_size)], rest[int(head_size) : int(size)]
        version, *lines, blank, end = head.decode().split("\r\n")
        if (verb, version, blank, end, rest[int(size) :][:2]) != (
            "HPUB",
            "NATS/1.0",
            "",
            "",
            b"\r\n",
        ):
            raise ValueError("this is no message with headers")
        headers = dict(line.split(": ", 1) for line in lines)
        yield subject, " ".join(reply), headers, body
        wire = rest[int(size) + 2 :]
