"""Where a request comes from."""

import ipaddress
import re
from functools import lru_cache

from django.conf import settings

# `203.0.113.8:51234` and `[2001:db8::1]:443`, as Azure's gateways and IIS write them.
WITH_PORT = re.compile(r"(?P<v4>[0-9.]+):\d{1,5}|\[(?P<v6>[^\]]+)\](?::\d{1,5})?", re.ASCII)


def client_address(request) -> str:
    """Return the client's IP address, an IPv4 one always in its own form.

    Behind TRUSTED_PROXIES proxies it is that many places from the right of
    X-Forwarded-For: what stands further left the client may have made up.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        forwarded = read_address(hops[-settings.TRUSTED_PROXIES])
        if forwarded:
            return forwarded
    return read_address(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"


@lru_cache(maxsize=1024)
def read_address(text: str) -> str | None:
    """Return an IP address without port, brackets and zone; None for anything else.

    A socket that listens on [::] sees an IPv4 client as `::ffff:a.b.c.d`.
    """
    text = text.strip().strip('"')
    if match := WITH_PORT.fullmatch(text):
        text = match["v4"] or match["v6"]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
