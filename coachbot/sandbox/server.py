"""The sandbox as a thing to start and stop.

with Sandbox(port=0) as sandbox:
    requests.get(f"{sandbox.base_url}/call", ...)
"""

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from socketserver import TCPServer
from typing import Any, Self

from coachbot.sandbox import listeners, registry
from coachbot.sandbox.clock import Clock, utc_now
from coachbot.sandbox.handler import Handler, Server
from coachbot.sandbox.listeners import Listener, Listeners
from coachbot.sandbox.messages import Reply, Request
from coachbot.sandbox.provider import Conditions

Answer = Callable[[Request], Reply]


class Sandbox:
    """All providers on a thread of their own.

    providers: each by its name in the registry, for tests to look into its memory.
    pace, plays_leads, whatsapp_url, model_delay: see Conditions. listener: hears of all API keys
    that have none of their own.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        quiet: bool = True,
        now: Clock = utc_now,
        pace: float = 1.0,
        listener: Listener | None = None,
        plays_leads: bool = False,
        whatsapp_url: str = "",
        model_delay: float = 0.0,
    ) -> None:
        self._host, self._port, self._quiet = host, port, quiet
        self._listeners = Listeners(listener)
        conditions = Conditions(now, pace, self._listeners, plays_leads, whatsapp_url, model_delay)
        self.providers: dict[str, Any] = registry.start_all(conditions)

    @property
    def base_url(self) -> str:
        """Where it listens, without a slash at the end; only known once started."""
        return f"http://{self._server.address}"

    @property
    def open_connections(self) -> int:
        """How many clients are connected at this moment."""
        return len(self._server.connections)

    def listen(self, key: str, listener: Listener) -> None:
        """Tell a listener of what is done with this API key from now on."""
        self._listeners.set(key, listener)

    def answer(self, request: Request) -> Reply:
        """Any request in, the reply of the one whom its path means out."""
        if request.path == listeners.PATH:
            return self._listeners.answer(request)
        return self.providers[registry.name_for(request.path)].answer(request)

    def start(self) -> None:
        """Begin to listen. Raises OSError if the address cannot be had."""
        self._server = _Server((self._host, self._port), answer=self.answer, quiet=self._quiet)
        # shutdown() waits for the next look of serve_forever, hence the short interval.
        serve = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        serve.start()

    def stop(self) -> None:
        """Stop listening and hang up on everybody."""
        for provider in self.providers.values():
            provider.stop()
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


class _Server(Server):
    """A thread for each connection; knows its connections, so that it can end them."""

    daemon_threads = True
    # Hundreds of clients may connect in the same instant.
    request_queue_size = 1024

    def __init__(self, address: tuple[str, int], *, answer: Answer, quiet: bool) -> None:
        self.answer = answer
        self.quiet = quiet
        self.stopping = threading.Event()
        self.connections: set[socket.socket] = set()
        self._changing = threading.Lock()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name here, which can take seconds offline.
        TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changing:
            self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._changing:
            self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._changing:
            connections = list(self.connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that leaves is part of the game; anything else is a fault of the sandbox.
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
