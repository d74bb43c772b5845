"""Where a request comes from."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings

# `203.0.113.8:51234` and `[2001:db8::1]:443`, as Azure's gateways and IIS write them.
WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):\d{1,5}|\[(?P<v6>[^\]]+)\](?::\d{1,5})?", re.ASCII)

LONGEST = 80  # with brackets, zone and port; what is longer is not kept in memory


def client_address(request) -> str | None:
    """Return the client's IP address, an IPv4 one always in its own form; None if nobody tells.

    Behind TRUSTED_PROXIES proxies it is that many places from the right of
    X-Forwarded-For: what stands further left the client may have made up. Where fewer stand
    there, proxies wrote all of them. The proxy's own address is never taken for the client's.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = [hop for hop in hops if hop][-settings.TRUSTED_PROXIES :]
    if settings.TRUSTED_PROXIES and hops:
        return read_address(hops[0][:LONGEST])
    return read_address(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=1024)
def read_address(text: str) -> str | None:
    """Return an IP address without port, brackets and zone; None for anything else.

    A socket that listens on [::] sees an IPv4 client as `::ffff:a.b.c.d`.
    """
    text = text.strip('"')
    if match := WITH_PORT.fullmatch(text):
        text = match["v4"] or match["v6"]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
