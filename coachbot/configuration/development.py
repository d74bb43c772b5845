"""What development may not do: meet the public with keys that everybody knows."""

import ipaddress

from django.core.exceptions import ImproperlyConfigured

# RFC 6761, 6762, 8375 and 9476: names that no public DNS knows.
PRIVATE_ENDINGS = ("localhost", "local", "test", "internal", "home.arpa")
# This machine, its links, RFC 1918 and RFC 4193. ipaddress counts other networks as private too.
PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/32",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::/127",
        "fc00::/7",
        "fe80::/10",
    )
)


def check_keys(host: str, well_known: list[str]) -> None:
    """Raise ImproperlyConfigured where a public host would be served with well-known keys.

    host: of PUBLIC_BASE_URL. well_known: the settings whose value stands in the source.
    """
    if well_known and not is_private(host):
        raise ImproperlyConfigured(
            f"PUBLIC_BASE_URL is a public address, and with DEBUG=1 {' and '.join(well_known)} "
            "would be known to everybody. Set DEBUG=0 and secrets of your own, or a "
            "PUBLIC_BASE_URL on this machine or in a private network."
        )


def is_private(host: str) -> bool:
    """Tell whether a host, as a URL has it, means this machine or one of a private network."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        # A name of one word, such as that of a container, is looked up in the own network only.
        return "." not in host or host.endswith(tuple(f".{end}" for end in PRIVATE_ENDINGS))
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in PRIVATE_NETWORKS)
