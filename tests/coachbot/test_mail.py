"""A mail server that is silent or slow holds up whoever asks for a mail, and nobody else."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client import Api
from tests.dashboard import Visitor
from tests.factories import make_user
from tests.servers import WebServer


class MailServer:
    """Accepts connections. drip: what it sends again and again, a byte at a time."""

    def __init__(self, drip: bytes):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.drip, self.connections = drip, []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            if self.drip:
                threading.Thread(target=self._send, args=[connection], daemon=True).start()

    def _send(self, connection):
        try:
            while True:
                connection.sendall(self.drip)
                time.sleep(0.2)
        except OSError:
            return


@pytest.fixture(params=[b"", b"2"], ids=["silent", "dripping"])
def mailing(request, providers):
    """A web server whose mails go to a mail server that never answers."""
    mail = MailServer(request.param)
    server = WebServer(
        **providers,
        EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
        EMAIL_TIMEOUT="3",
        PUBLIC_API_RATE_LIMITS="1000/m",
        SIGN_IN_ADDRESS_RATE_LIMIT="100000/m",
    ).start()
    yield server, mail
    server.kill()
    mail.socket.close()


def test_mails_that_hang_hold_no_connection_and_end_in_time(mailing, cast):
    server, mail = mailing
    users = [make_user(cast.workspace, password="a long secret") for _ in range(12)]
    api = Api(server.base_url, cast.key)

    def forget(user) -> tuple[int, float]:
        visitor, started = Visitor(server.base_url), time.monotonic()
        answer = visitor.post("/password/forgotten", email=user.email)
        return answer.status_code, time.monotonic() - started

    with ThreadPoolExecutor(len(users)) as pool:
        asked = [pool.submit(forget, user) for user in users]
        end = time.monotonic() + 20
        while len(mail.connections) < len(users) and time.monotonic() < end:
            time.sleep(0.05)
        statuses = [api.submit().status_code for _ in range(3)]
        answers = [future.result() for future in asked]

    assert len(mail.connections) == len(users)
    assert statuses == [201, 201, 201]
    assert {status for status, _ in answers} == {302}
    assert max(seconds for _, seconds in answers) < 15
