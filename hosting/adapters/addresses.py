"""Addresses: where a webhook may go. Never into a network of our own.

A name is judged twice: its form when somebody enters it, and all that it resolves to when we connect.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

MAX_LENGTH = 500
PLAIN = re.compile(r"[\x21-\x7e]+")
NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
)
# Ways to write an IPv4 address inside an IPv6 one: a gateway may turn them into an address of our own.
TRANSLATED = tuple(
    ipaddress.IPv6Network(network)
    for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")
)
NOT_OURS_TO_CALL = (ipaddress.ip_network("192.88.99.0/24"), ipaddress.ip_network("fec0::/10"))


class Refused(Exception):
    """We do not connect to this. `code`: bad_url, not_https, private_address or unresolved."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address taken apart. `host` in lower case, IPv6 without brackets; `path` with its query."""

    is_tls: bool
    host: str
    port: int
    path: str


def parse(url: str, *, allows_loopback: bool = False) -> Target:
    """Take an address apart. Raises Refused unless it is https with a plain name (or, where loopback is
    allowed, http as well), without user, password or fragment; and for a number that is not public."""
    if len(url) > MAX_LENGTH or not PLAIN.fullmatch(url) or "\\" in url or "#" in url:
        raise Refused("bad_url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("bad_url") from error
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" and not (parts.scheme == "http" and allows_loopback):
        raise Refused("not_https")
    number = _number(host)
    if "@" in parts.netloc or port == 0 or (number is None and not _is_name(host)):
        raise Refused("bad_url")
    is_tls = parts.scheme == "https"
    if number is not None and not is_callable(number, allows_loopback=allows_loopback):
        raise Refused("private_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_tls=is_tls, host=host, port=port or (443 if is_tls else 80), path=path)


def _is_name(host: str) -> bool:
    # A name whose last part is a number is read as IPv4 by some resolvers: 127.1, 0x7f.1, 2130706433.
    last = host.rpartition(".")[2]
    return bool(NAME.fullmatch(host)) and not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last)


def _number(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_callable(address: IPAddress, *, allows_loopback: bool = False) -> bool:
    """Whether we may connect to it: public, and no address of another kind in disguise."""
    if allows_loopback and address.is_loopback:
        return True
    if isinstance(address, ipaddress.IPv6Address) and (
        address.scope_id or any(address in network for network in TRANSLATED)
    ):
        return False
    if any(address in network for network in NOT_OURS_TO_CALL if network.version == address.version):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def resolve(host: str, port: int) -> list[str]:
    """Every address the system's resolver gives for a name, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(target: Target, *, resolver: Resolve = resolve, allows_loopback: bool = False) -> list[str]:
    """The numbers to connect to, resolved once: whoever connects uses these and never the name again.

    Raises Refused if there is none, or if even one of them is not public; without TLS all must be loopback.
    """
    try:
        found = [ipaddress.ip_address(one) for one in resolver(target.host, target.port)]
    except (OSError, UnicodeError, ValueError) as error:
        raise Refused("unresolved") from error
    if not found:
        raise Refused("unresolved")
    if not all(is_callable(one, allows_loopback=allows_loopback) for one in found):
        raise Refused("private_address")
    if not target.is_tls and not all(one.is_loopback for one in found):
        raise Refused("not_https")
    return [str(one) for one in found]
