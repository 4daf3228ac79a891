"""Who the gateway is to a person's device: a host name, reached in a way nobody can listen in to."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCALHOST = "localhost"
# Browsers leave these out of an origin.
USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Party:
    """`id`: what passkeys are bound to; `origin`: the only pages that may ask for them."""

    id: str
    origin: str

    @property
    def host(self) -> str:
        """As a browser names it to us."""
        return urlsplit(self.origin).netloc


def party_of(public_url: str) -> Party | None:
    """None where browsers offer no passkeys: at an address that is a number, or without TLS (but for
    `localhost`)."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if not host or _is_number(host) or not (parts.scheme == "https" or host == LOCALHOST):
        return None
    port = "" if parts.port in (None, USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return Party(host, f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
