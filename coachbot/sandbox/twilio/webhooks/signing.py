"""X-Twilio-Signature, as Twilio makes it."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

PORTS = {"https": 443, "http": 80}


def sign(url: str, fields: Iterable[tuple[str, str]], token: str) -> str:
    """The header of a form that is posted: of the URL without fragment, and the sorted fields."""
    address = url.partition("#")[0]
    told = "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), (address + told).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def with_port(url: str) -> str:
    """The same address with the port that its scheme means, where it names none."""
    parts = urlsplit(url)
    if parts.port:
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.netloc}:{PORTS[parts.scheme]}"))
