"""Which network addresses a URL that a stranger wrote may lead to: none that is inside.

`ipaddress.is_global` is no guard: of Python 3.11 it lets fec0::1 and ::7f00:1 pass. So what is
not known to be public is refused, in any spelling, as it is judged after resolution.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

INSIDE_V4 = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
    )
]
# What is given out to the public, less what is set apart in it for tunnels and examples.
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
APART_V6 = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


class AddressRefused(Exception):
    """A host leads to an address inside; `str()` says which, in a sentence."""


class NoSuchHost(Exception):
    """A host has no address; `str()` says so."""


def is_public(text: str) -> bool:
    """Return whether an address that was resolved is one of the public internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # with a zone, as fe80::1%eth0
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return not any(address in network for network in INSIDE_V4)
    return address in PUBLIC_V6 and not any(address in network for network in APART_V6)


def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """Return the address to connect to. Every address of the host has to be public.

    host: without brackets. It takes as long as the look-up of the name does.
    Raises AddressRefused and NoSuchHost.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoSuchHost(f"There is no host {host!r}.") from error
    known = [str(entry[4][0]) for entry in found]
    inside = [address for address in known if not is_public(address)]
    if inside and not allow_private:
        raise AddressRefused(
            f"{host} leads to {inside[0]}, which is not an address of the public internet."
        )
    return known[0]
