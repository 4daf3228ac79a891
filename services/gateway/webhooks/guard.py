"""Which addresses a webhook may lead to: the public internet, and what the installation allows besides.

The check is made on the very address a connection goes to, at the moment it is made: a name that
answers otherwise a second time (DNS rebinding) gains nothing.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from shared.errors import InvalidError, invalid

URL_LIMIT = 2_000
LOCALHOST = "localhost"
# Addresses that carry another one inside: 6to4 and NAT64 (RFC 3056, RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class RefusedAddressError(OSError):
    """Where it leads is not open to webhooks."""


@dataclass(frozen=True, slots=True)
class Guard:
    """`allowed`: networks of the installation's own that receivers may be in."""

    allowed: tuple[Network, ...] = ()

    def admits(self, address: Address) -> bool:
        inner = _inner(address)
        if any(inner.version == net.version and inner in net for net in self.allowed):
            return True
        return all(_is_public(each) for each in (address, inner))

    def open_socket(self, where: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """The socket of one connection. Raises RefusedAddressError. Any: the resolver's own tuple."""
        family, type_, protocol, _, target = where
        if not self.admits(ipaddress.ip_address(str(target[0]).partition("%")[0])):
            raise RefusedAddressError("not open to webhooks")
        return socket.socket(family, type_, protocol)

    def check_url(self, url: str) -> str:
        """`url` as it is. Raises InvalidError, naming the field `/url`."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as wrong:
            raise _wrong("This is not an address.") from wrong
        if not host or len(url) > URL_LIMIT or not url.isascii() or not url.isprintable():
            raise _wrong("This is not an address.")
        if parts.username is not None or parts.fragment or " " in url:
            raise _wrong("Leave out user names, passwords and fragments.")
        literal = _literal(host)
        if literal is not None and not self.admits(literal):
            raise _wrong("This address is not open to webhooks.")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._is_loopback(host)):
            raise _wrong("Give an https address.")
        return url

    def _is_loopback(self, host: str) -> bool:
        """Only where the installation allows loopback, as an exercise on one machine does."""
        literal = _literal("127.0.0.1" if host == LOCALHOST else host)
        return literal is not None and literal.is_loopback and self.admits(literal)


def guard_of(networks: Iterable[str]) -> Guard:
    """Raises ValueError for what is no network, such as 10.0.0.0/8."""
    return Guard(tuple(ipaddress.ip_network(each.strip()) for each in networks if each.strip()))


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def _inner(address: Address) -> Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _wrong(detail: str) -> InvalidError:
    return invalid("/url", "not_allowed", detail)
