"""The one door to the network: time limits, size cap, no redirects, no repeats.

Nothing here knows a provider's vocabulary or a model.
"""

import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.exceptions import SSLError as TransportSSLError

from coachbot.providers import Refused, Unclear, Unreachable

CONNECT_TIMEOUT = 3.0
LARGEST_ANSWER = 1024 * 1024
POOLED_CONNECTIONS = 128
HEADERS = {**requests.utils.default_headers(), "User-Agent": "Coachbot/1 (+requests)"}


@dataclass(frozen=True)
class Answer:
    """A 2xx answer: its status and its body as text."""

    status: int
    text: str


# Keeps connections, which saves the TLS handshake, 30 ms of CPU for each call. Used without a
# requests.Session, which would read the body of a redirect to its end, however long that takes,
# add one business's cookies to the requests of the next, and go through proxies of the
# environment: only the configured hosts are asked.
_adapter = HTTPAdapter(pool_maxsize=POOLED_CONNECTIONS, max_retries=0)


def ask(
    name: str, method: str, url: str, *, timeout: float, largest: int = LARGEST_ANSWER, **request
) -> Answer:
    """Send one request and return its 2xx answer.

    name: what the request is called in messages, such as "Vapi /call".
    timeout: seconds for the whole answer. largest: bytes read of the answer.
    request: `headers`, `params`, `json` as `requests` takes them.

    Raises Unreachable (never sent), Refused (a 4xx that says no) or Unclear (sent, and no
    answer that settles it: silence, a broken answer, a redirect, 408, 5xx).
    """
    status, _, text = _send(name, method, url, timeout=timeout, largest=largest, **request)
    return _judge(name, status, text)


def find_redirect(name: str, url: str, *, timeout: float, **request) -> str:
    """GET a URL and return the web address that it redirects to, which is not followed.

    Raises as ask() does; Unclear where the answer is anything but such a redirect.
    """
    status, location, text = _send(
        name, "GET", url, timeout=timeout, largest=LARGEST_ANSWER, **request
    )
    target = urljoin(url, location)
    if 300 <= status < 400 and location and target.startswith(("https://", "http://")):
        return target
    _judge(name, status, text)
    message = f"{name} failed ({status}): the answer is no redirect."
    raise Unclear(message, status=status, response=text)


def _send(
    name: str, method: str, url: str, *, timeout: float, largest: int, **request
) -> tuple[int, str, str]:
    """Send one request. Return the status, the Location header or "", and the body as text."""
    end = time.monotonic() + timeout
    try:
        with _adapter.send(
            _prepare(method, url, **request),
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            stream=True,
        ) as response:
            text = _read(response, end=end, largest=largest)
    except (requests.exceptions.RequestException, HTTPError) as error:
        raise _lost(name, error, timeout) from error
    return response.status_code, response.headers.get("Location", ""), text


def _prepare(
    method: str, url: str, *, headers=None, params=None, json=None
) -> requests.PreparedRequest:
    prepared = requests.PreparedRequest()
    prepared.prepare_method(method)
    prepared.url = _complete(url, tuple((params or {}).items()))
    prepared.prepare_headers({**HEADERS, **(headers or {})})
    prepared.prepare_body(data=None, files=None, json=json)
    return prepared


@lru_cache(maxsize=64)  # nearly all requests go to the same one, and to check it takes a while
def _complete(url: str, params: tuple[tuple[str, object], ...]) -> str:
    """Return a URL with its query, checked and quoted as it goes over the wire."""
    prepared = requests.PreparedRequest()
    prepared.prepare_url(url, params)
    return prepared.url


def _read(response, *, end: float, largest: int) -> str:
    """Return the body as text, cut at `largest` bytes; a drip past `end` is a time-out."""
    parts, size = [], 0
    # Chunks of what has arrived, not of a fixed size: a drip must not hide behind a buffer.
    while size < largest and (part := response.raw.read1(65_536, decode_content=True)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > end:
            raise requests.exceptions.ReadTimeout("the answer came too slowly")
    return b"".join(parts)[:largest].decode("utf-8", "replace")


def _lost(name: str, error: Exception, timeout: float) -> Unreachable | Unclear:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, NewConnectionError | ConnectTimeoutError) or _is_untrusted(reason):
        return Unreachable(f"{name} failed: the provider could not be reached.")
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError):
        return Unclear(f"{name} failed: no answer within {timeout:g} seconds.")
    return Unclear(f"{name} failed: the connection broke before the answer was complete.")


def _is_untrusted(reason) -> bool:
    """Tell a certificate refused before anything was sent from TLS trouble later on."""
    cause = reason.args[0] if isinstance(reason, TransportSSLError) and reason.args else None
    return isinstance(cause, ssl.SSLCertVerificationError)


def _judge(name: str, status: int, text: str) -> Answer:
    if 200 <= status < 300:
        return Answer(status, text)
    message = f"{name} failed ({status}): {text or '(empty body)'}"
    says_no = 400 <= status < 500 and status != 408
    raise (Refused if says_no else Unclear)(message, status=status, response=text)
