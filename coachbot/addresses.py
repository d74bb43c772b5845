"""Where a request comes from."""

import ipaddress
from functools import lru_cache

from django.conf import settings


def client_address(request) -> str:
    """Return the client's IP address.

    Behind TRUSTED_PROXIES proxies it is that many places from the right of
    X-Forwarded-For: what stands further left the client may have made up.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        forwarded = hops[-settings.TRUSTED_PROXIES]
        if _is_address(forwarded):
            return forwarded
    remote = request.META.get("REMOTE_ADDR", "")
    return remote if _is_address(remote) else "0.0.0.0"


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
