"""The HTTP session behind the door: connections that are kept, and one deadline for all of a
request.

The time limits of HTTP libraries hold for each wait alone: for each address of a name, for each
byte that drips in. Here an Attempt has one end, and who is late has the socket shut down.
"""

import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from coachbot.providers import addresses

# For the name, the connection and the handshake of TLS together.
CONNECT_TIMEOUT = 3.0
POOLED_CONNECTIONS = 128
# Names that are being looked up, and connections that are being made, at once.
CONNECTING = 64
USER_AGENT = "Coachbot/1 (+requests)"


class Attempt:
    """One request on its way. end: when it has to be over, on the monotonic clock.

    has_sent: whether any of its bytes may have left; before that, no provider can have acted on
    it. is_late: whether it was ended by force.
    """

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.has_sent = False
        self.is_late = False
        self._connection: TimedConnection | None = None
        self._socket: socket.socket | None = None
        self._changing = threading.Lock()

    def remaining(self) -> float:
        """Return the seconds left, never below 0."""
        return max(0.0, self.end - time.monotonic())

    def go_over(self, connection: "TimedConnection") -> None:
        """Note that bytes are about to be sent. Raises ConnectTimeoutError where it is too late."""
        with self._changing:
            if self.is_late and not self.has_sent:
                raise ConnectTimeoutError(connection, "Too late to send anything.")
            self.has_sent = True
            # A response that says "Connection: close" parts the connection from its socket.
            self._socket = connection.sock or self._socket
            self._connection, connection.attempt = connection, self

    def finish(self) -> None:
        """Let go of the connection, which may carry the next request."""
        with self._changing:
            self._connection = self._socket = None

    def expire(self) -> None:
        """End it: whoever reads or writes is woken, and finds the connection closed."""
        with self._changing:
            self.is_late = True
            if self._socket and self._connection and self._connection.attempt is self:
                with suppress(OSError):
                    # Not SSLSocket.shutdown(), which pulls TLS from under a thread that reads.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Watch:
    """One thread that ends all attempts which are late."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Attempt]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, attempt: Attempt) -> None:
        """End an attempt when its time is over. One that is finished by then is left alone."""
        with self._changed:
            entry = (attempt.end, next(self._numbers), attempt)
            heapq.heappush(self._due, entry)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._due[0] is entry:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due or self._due[0][0] > time.monotonic():
                    self._changed.wait(
                        max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
                    )
                attempt = heapq.heappop(self._due)[2]
            attempt.expire()


_watch = _Watch()
_attempt: ContextVar[Attempt] = ContextVar("attempt")
_connecting = ThreadPoolExecutor(CONNECTING, thread_name_prefix="connecting")


@contextmanager
def attempt(seconds: float) -> Iterator[Attempt]:
    """Bound the one request that the body makes, from the look-up of the name to the last byte."""
    current = Attempt(seconds)
    _watch.add(current)
    token = _attempt.set(current)
    try:
        yield current
    finally:
        _attempt.reset(token)
        current.finish()


class TimedConnection(HTTPConnection):
    """A connection whose every request belongs to an Attempt."""

    attempt: Attempt | None = None

    def connect(self) -> None:
        """Connect on another thread: looking a name up cannot be interrupted.

        Raises ConnectTimeoutError, and what urllib3 raises.
        """
        seconds = min(CONNECT_TIMEOUT, _attempt.get().remaining())
        connected = _connecting.submit(super().connect)
        try:
            connected.result(seconds)
        except TimeoutError as error:
            connected.add_done_callback(lambda _: self.close())
            connected.cancel()
            raise ConnectTimeoutError(self, f"Not connected within {seconds:g} s.") from error

    def send(self, data: Any) -> None:
        """Send bytes; the first ones of a request decide that it is sent."""
        if self.sock is None:
            self.connect()
        _attempt.get().go_over(self)
        super().send(data)


class TimedTLSConnection(TimedConnection, HTTPSConnection):
    """The same over TLS, whose handshake is a part of connecting."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = TimedConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = TimedTLSConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}


class CheckedAdapter(_Adapter):
    """Connects to the address that was checked, and to no other that the name may have by then.

    The certificate is still that of the name. A connection that is kept leads where it led.
    """

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        where, options = super().build_connection_pool_key_attributes(request, verify, cert)
        name = str(where["host"]).strip("[]")
        request.headers["Host"] = urlsplit(str(request.url)).netloc
        if where["scheme"] == "https":
            names = {"server_hostname": name, "assert_hostname": name}
            options = {**options, **names}  # type: ignore[typeddict-item]
        return {**where, "host": checked(name, where["port"] or 443)}, options


def checked(host: str, port: int) -> str:
    """Return the address of a host; looked up on another thread, as that cannot be interrupted.

    Within attempt(). Raises addresses.AddressRefused, and requests' ConnectionError.
    """
    seconds = min(CONNECT_TIMEOUT, _attempt.get().remaining())
    looking = _connecting.submit(
        addresses.resolve, host, port, allow_private=settings.WEBHOOK_ALLOW_PRIVATE
    )
    try:
        address = looking.result(seconds)
    except (TimeoutError, addresses.NoSuchHost) as error:
        looking.cancel()
        raise requests.exceptions.ConnectionError(str(error)) from error
    return f"[{address}]" if ":" in address else address


class Session(requests.Session):
    """Keeps connections, which saves the TLS handshake: 30 ms of CPU for each call.

    Its requests are made within attempt().
    """

    def __init__(self, adapter: type[HTTPAdapter] = _Adapter) -> None:
        super().__init__()
        self.trust_env = False  # only the configured hosts are asked, through no proxy
        # One business's cookies must never go out with another's requests.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = USER_AGENT
        for scheme in ("https://", "http://"):
            self.mount(scheme, adapter(pool_maxsize=POOLED_CONNECTIONS, max_retries=0))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Know of no redirect: else the body of one is read to its end, however it drips."""
        return None
