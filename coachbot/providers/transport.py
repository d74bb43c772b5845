"""The one door to the network: it gives the database connection back, holds the provider's
concurrency limit, asks once within a time, counts and classifies, and tells of every exchange.

Nothing here knows a provider's vocabulary or a model.
"""

import logging
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from coachbot.db.connections import release_connection
from coachbot.observability import metrics
from coachbot.observability.masking import MASK
from coachbot.providers import (
    Forbidden,
    ProviderError,
    Refused,
    Unclear,
    Unreachable,
    addresses,
    limits,
    retry_after,
    session,
)
from coachbot.providers.exchange import Answer, Exchange, Request, outcome_of

logger = logging.getLogger(__name__)

T = TypeVar("T")


def discard(exchange: Exchange) -> None:
    """Tell nobody of an exchange: whoever asked writes down what came of it."""


class Door:
    """The way to a provider. tell: is told of every exchange, when it is over.

    tenant: for whom it asks; each has a share in a provider's concurrency limit.
    """

    def __init__(
        self, tell: Callable[[Exchange], None] = discard, *, tenant: Hashable = None
    ) -> None:
        self._tell = tell
        self._tenant = tenant

    def ask(
        self,
        request: Request,
        *,
        timeout: float,
        read: Callable[[Answer], T],
        worth: Callable[[T], Any] = lambda value: None,
    ) -> T:
        """Send a request once, and return what `read` makes of its 2xx answer.

        timeout: seconds for the whole answer. read: raises ProviderError for an answer that
        cannot be used. worth: makes of its value what is worth telling.

        Raises Unreachable (no byte of the request was sent: no name, no connection, no TLS, no
        time left), limits.Busy and Forbidden among them; Refused (a 4xx that says no) or Unclear
        (sent, and no answer that settles it: silence, a broken answer, one that cannot be read, a
        redirect, 408, 5xx); RuntimeError inside a transaction.
        """
        return self._exchange(
            request, timeout, lambda answer: read(_accepted(request, answer)), worth
        )

    def find_redirect(self, request: Request, *, timeout: float) -> str:
        """Send a GET and return the web address that it redirects to, which is not followed.

        Raises as ask() does; Unclear where the answer is anything but such a redirect.
        """
        return self._exchange(
            request, timeout, lambda answer: _redirect(request, answer), lambda link: None
        )

    def _exchange(
        self,
        request: Request,
        timeout: float,
        judge: Callable[[Answer], T],
        worth: Callable[[T], Any],
    ) -> T:
        release_connection()
        with self._place(request):
            started = time.monotonic()
            try:
                answer = _send(request, timeout)
                value = _judged(request, answer, judge)
            except ProviderError as error:
                error.code = request.classify(error)
                self._account(request, started, error.status, error.response or None, error)
                raise
            self._account(request, started, answer.status, worth(value), None)
            return value

    @contextmanager
    def _place(self, request: Request) -> Iterator[None]:
        """Hold one of the provider's places while the body runs. Raises limits.Busy."""
        try:
            with request.limit.hold(self._tenant):
                yield
        except limits.Busy as error:  # counted, and not told: there may be many of them
            error.code = request.classify(error)
            raise

    def _account(
        self,
        request: Request,
        started: float,
        status: int | None,
        response: Any,
        error: ProviderError | None,
    ) -> None:
        seconds = time.monotonic() - started
        metrics.PROVIDER_SECONDS.labels(request.operation, outcome_of(error)).observe(seconds)
        if error or not request.is_quiet:
            self._tell(Exchange(request, seconds, status, response, error))


def check_address(host: str, port: int) -> None:
    """Look a host up that a stranger wrote, without asking anything of it.

    Raises Forbidden where it leads inside, Unreachable where it has no address, and RuntimeError
    inside a transaction.
    """
    release_connection()
    with session.attempt(session.CONNECT_TIMEOUT):
        try:
            session.checked(host, port)
        except addresses.AddressRefused as error:
            raise Forbidden(str(error)) from error
        except requests.exceptions.RequestException as error:
            raise Unreachable(f"There is no host {host!r}.") from error


_session = session.Session()
_strangers = session.Session(session.CheckedAdapter)


def _send(request: Request, timeout: float) -> Answer:
    if timeout <= 0:  # the library would take it for a mistake in the code
        raise Unreachable(f"{request.name} failed: no time was left to ask.")
    with session.attempt(timeout) as attempt:
        try:
            with (_strangers if request.is_strangers else _session).request(
                request.method,
                request.url,
                headers=request.headers,
                params=request.params,
                json=request.json,
                data=request.data,
                timeout=(session.CONNECT_TIMEOUT, timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                text = _read(response, attempt, request.largest)
        except addresses.AddressRefused as error:
            raise Forbidden(str(error)) from error
        except (requests.exceptions.RequestException, HTTPError, UnicodeError) as error:
            raise _lost(request.name, attempt, error, timeout) from error
        except Exception as error:  # whatever it is, what was sent has to be settled
            logger.exception("%s ended in a way that nobody thought of", request.action)
            raise _lost(request.name, attempt, error, timeout) from error
    if request.hidden:
        text = text.replace(request.hidden, MASK)
    headers = response.headers
    return Answer(
        response.status_code, text, headers.get("Location", ""), retry_after.read(headers)
    )


def _read(response: requests.Response, attempt: session.Attempt, largest: int) -> str:
    """Return the body as text, cut at `largest` bytes. Raises ReadTimeout where it is late."""
    parts, size = [], 0
    # Chunks of what has arrived, not of a fixed size: a drip must not hide behind a buffer.
    while size < largest and (part := response.raw.read1(65_536, decode_content=True)):
        parts.append(part)
        size += len(part)
        if not attempt.remaining():
            break
    # A body that was cut off by us looks complete where it does not say its length.
    if attempt.is_late or not attempt.remaining():
        raise requests.exceptions.ReadTimeout("the answer came too slowly")
    return b"".join(parts)[:largest].decode("utf-8", "replace")


def _lost(
    name: str, attempt: session.Attempt, error: Exception, timeout: float
) -> Unreachable | Unclear:
    if not attempt.has_sent:
        return Unreachable(f"{name} failed: the provider could not be reached.")
    if attempt.is_late or isinstance(error, requests.exceptions.Timeout | ReadTimeoutError):
        return Unclear(f"{name} failed: no answer within {timeout:g} seconds.")
    return Unclear(f"{name} failed: the connection broke before the answer was complete.")


def _judged(request: Request, answer: Answer, judge: Callable[[Answer], T]) -> T:
    """Return what is made of an answer; Unclear where its shape is one that nobody thought of."""
    try:
        return judge(answer)
    except ProviderError:
        raise
    except Exception as error:  # whatever it is, it is this request's alone
        logger.exception("The answer to %s could not be read", request.action)
        message = f"{request.name} failed ({answer.status}): the answer cannot be read."
        raise Unclear(message, status=answer.status, response=answer.text) from error


def _accepted(request: Request, answer: Answer) -> Answer:
    """Return a 2xx answer; raise for any other."""
    if 200 <= answer.status < 300:
        return answer
    message = f"{request.name} failed ({answer.status}): {answer.text or '(empty body)'}"
    says_no = 400 <= answer.status < 500 and answer.status != 408
    raise (Refused if says_no else Unclear)(
        message, status=answer.status, response=answer.text, retry_after=answer.retry_after
    )


def _redirect(request: Request, answer: Answer) -> str:
    target = urljoin(request.url, answer.location)
    if (
        300 <= answer.status < 400
        and answer.location
        and target.startswith(("https://", "http://"))
    ):
        return target
    _accepted(request, answer)
    message = f"{request.name} failed ({answer.status}): the answer is no redirect."
    raise Unclear(message, status=answer.status, response=answer.text)
