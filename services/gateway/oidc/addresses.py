"""Which addresses of a provider are safe to talk to: those behind TLS, and those on this very machine."""

import ipaddress
from urllib.parse import urlsplit

LOCALHOST = "localhost"


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read or change what is said."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == LOCALHOST or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
