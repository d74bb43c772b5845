"""Whether a request comes from Twilio: its signature over the address and all fields.

docs/providers/twilio.md (section 5) has the algorithm and its source.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import SplitResult, urldefrag, urlsplit, urlunsplit

SIGNATURE = "X-Twilio-Signature"
PORTS = {"https": 443, "http": 80}


class Fields(Protocol):
    """The fields of a form as Django reads them: a QueryDict, blank values kept."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str) -> list[str]: ...


def is_authentic(signature: str, url: str, fields: Fields, token: str) -> bool:
    """Tell whether Twilio signed a form with an account's auth token.

    url: as Twilio was told it, with its query as it was sent. Twilio signs with and without the
    port of it, so either is right.
    """
    sent = signature.strip().encode("utf-8", "replace")
    signed = [sign(one, fields, token).encode() for one in _spellings(urldefrag(url).url)]
    return any([hmac.compare_digest(sent, right) for right in signed])


def sign(url: str, fields: Fields, token: str) -> str:
    """Return what Twilio puts in the header: base64 of HMAC-SHA1 over the address, then over each
    name with each of its different values, all in the order of their characters.
    """
    pairs = (name + value for name in sorted(fields) for value in _values(fields.getlist(name)))
    message = (url + "".join(pairs)).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.new(token.encode(), message, hashlib.sha1).digest()).decode()


def _values(values: Iterable[str]) -> list[str]:
    return sorted(set(values))


def _spellings(url: str) -> list[str]:
    """Return an address without a port, with its scheme's own, and as it is."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = parts.port or PORTS.get(parts.scheme, 443)
    return [url, _with(parts, host), _with(parts, f"{host}:{port}")]


def _with(parts: SplitResult, netloc: str) -> str:
    return urlunsplit(parts._replace(netloc=netloc))
