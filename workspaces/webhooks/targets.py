"""URLs that people write for their endpoints: in one spelling, and to nowhere inside.

The look-up here is for people, who learn at once what is wrong. What protects is the one that is
made again at each sending, as a name may lead elsewhere by then.
"""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from django.conf import settings

from coachbot.providers import Forbidden, Unreachable, transport
from workspaces.models.webhook import LONGEST_URL

PORTS = {"https": 443, "http": 80}
UNUSABLE = re.compile(r"[\s\\\x00-\x1f\x7f]")
# What stands in a path or query as it is; the rest of it is quoted.
KEPT = "/%:@!$&'()*+,;=?~-._[]"


class BadTarget(ValueError):
    """A URL cannot be an endpoint's; `str()` says what to change."""


def read_url(text: str) -> str:
    """Return a URL as it is stored: its host in ASCII, no fragment. Raises BadTarget."""
    parts = _split(text.strip())
    _check_scheme(parts)
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise BadTarget("Leave out what stands before the @: each request is signed instead.")
    host, port = _host_of(parts), _port_of(parts)
    where = f"[{host}]" if ":" in host else host
    netloc = where if port == PORTS[parts.scheme] else f"{where}:{port}"
    path, query = quote(parts.path or "/", safe=KEPT), quote(parts.query, safe=KEPT)
    url = urlunsplit((parts.scheme, netloc, path, query, ""))
    if len(url) > LONGEST_URL:
        raise BadTarget(f"An address has at most {LONGEST_URL:,} characters.")
    return url


def check(url: str) -> None:
    """Look the host of a stored URL up. Raises BadTarget, and RuntimeError in a transaction."""
    parts = urlsplit(url)
    try:
        transport.check_address(str(parts.hostname), parts.port or PORTS[parts.scheme])
    except Forbidden as error:
        raise BadTarget(f"{error} Coachbot sends events to the public internet only.") from error
    except Unreachable as error:
        raise BadTarget(f"{error} Check its spelling.") from error


def host_of(url: str) -> str:
    """Return the host of a stored URL: what may be told of one, as the rest can be a secret."""
    return urlsplit(url).hostname or ""


def _split(text: str) -> SplitResult:
    if UNUSABLE.search(text):
        raise BadTarget("An address holds no spaces and no backslashes.")
    try:
        return urlsplit(text)
    except ValueError as error:
        raise BadTarget("This is no address. It looks like https://example.com/events.") from error


def _check_scheme(parts: SplitResult) -> None:
    allowed = ("https", "http") if settings.WEBHOOK_ALLOW_PRIVATE else ("https",)
    if parts.scheme not in allowed:
        raise BadTarget("The address has to begin with https://, as events hold personal data.")


def _host_of(parts: SplitResult) -> str:
    """Return the host in ASCII and lower case."""
    host = parts.hostname or ""
    if "%" in host:
        raise BadTarget("Write the host without %: neither escapes nor network zones belong there.")
    try:
        ascii_host = host if ":" in host else host.encode("idna").decode().lower()
    except UnicodeError as error:
        raise BadTarget(f"{host!r} is no name of a host.") from error
    if not re.fullmatch(r"[a-z0-9._:-]+", ascii_host):
        raise BadTarget("The address names no host. It looks like https://example.com/events.")
    return ascii_host


def _port_of(parts: SplitResult) -> int:
    usual = PORTS[parts.scheme]
    try:
        port = usual if parts.port is None else parts.port
    except ValueError as error:
        raise BadTarget("The port is no number from 1 to 65535.") from error
    if port != usual and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise BadTarget("Leave the port out: events go to port 443 only.")
    return port
