"""Mails reach the mail server as EMAIL_URL says; one that is silent holds up nobody else."""

import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.utils import timezone

from coachbot.mail import delivery
from coachbot.mail.models import Mail, State
from coachbot.work import heartbeat
from coachbot.work.models import Heartbeat, PeriodicTask
from tests.certificates import make_certificate
from tests.client import Api
from tests.command_line import manage
from tests.dashboard import Visitor
from tests.factories import make_user
from tests.servers import WebServer, free_port, wait_until
from tests.workers import Worker

USER, PASSWORD = "coach@acme.example", "p/a@s#s"
QUOTED = "coach@acme.example:p%2Fa%40s%23s"


class Inbox:
    """What a mail server took: mails, and how each came."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        is_over_tls = server.transport.get_extra_info("ssl_object") is not None
        self.mails.append((envelope.rcpt_tos, is_over_tls, session.auth_data))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data) -> AuthResult:
    """Take the one user, and remember the name on the session."""
    is_right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=is_right, handled=False, auth_data=USER)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is TLS already
@pytest.mark.parametrize(
    ("url", "is_over_tls", "user"),
    [
        (f"submission://{QUOTED}@127.0.0.1:{{port}}", True, USER),
        (f"smtps://{QUOTED}@127.0.0.1:{{port}}", True, USER),
        ("smtp://127.0.0.1:{port}", False, None),
    ],
)
def test_mail_goes_as_the_scheme_says(tmp_path, url, is_over_tls, user):
    certificate, key = make_certificate(tmp_path, "mail.example")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    signed_in = {"authenticator": authenticate, "auth_required": True}
    options = {
        "submission": {**signed_in, "tls_context": tls, "require_starttls": True},
        "smtps": {**signed_in, "ssl_context": tls, "auth_require_tls": False},
        "smtp": {},
    }[url.partition(":")[0]]
    inbox, port = Inbox(), free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        settings = {"EMAIL_URL": url.format(port=port), "SSL_CERT_FILE": str(certificate)}
        result = manage("sendtestemail", "jane@example.com", **settings)
    finally:
        server.stop()

    assert (result.returncode, result.stderr) == (0, "")
    assert inbox.mails == [(["jane@example.com"], is_over_tls, user)]


class BadMailServer:
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

    def has_nobody_waiting(self) -> bool:
        """Return whether everybody who connected has hung up."""
        return not any(map(_is_open, self.connections))


def _is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        while connection.recv(65_536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


# The greeting that never comes, the one that comes byte by byte, the silent start of TLS.
@pytest.fixture(params=["smtp-", "smtp-2", "smtps-"])
def bad_mail(request):
    """A mail server that never answers, and the settings that lead to it."""
    scheme, _, drip = request.param.partition("-")
    mail = BadMailServer(drip.encode())
    yield mail, {"EMAIL_URL": f"{scheme}://127.0.0.1:{mail.port}", "EMAIL_TIMEOUT": "2"}
    mail.socket.close()


def test_mail_server_that_hangs_is_waited_for_by_a_few_threads_of_the_worker(
    bad_mail, web, visit, cast, providers
):
    mail, settings = bad_mail
    Mail.objects.all().delete()
    users = [make_user(cast.workspace) for _ in range(12)]

    def forget(user):
        return visit().post("/password/forgotten", email=user.email)

    def invite(user):
        path = f"/admin/{cast.workspace.slug}/settings/members/add"
        fields = {"member-email": f"new-{user.email}", "member-role": "agent"}
        return visit(user).post(path, **fields)

    worker = Worker(**providers, **settings).start()
    try:
        with ThreadPoolExecutor(len(users)) as pool:
            answers = list(pool.map(forget, users[1:])) + [invite(users[0])]
        wait_until(lambda: len(mail.connections) > delivery.AT_ONCE, "mails to hang")
        Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        PeriodicTask.objects.filter(name="heartbeat").update(due_at=timezone.now())
        statuses = [Api(web.base_url, cast.key).submit().status_code for _ in range(3)]
        wait_until(lambda: heartbeat.last_seen_seconds() < 60, "the worker to do the rest")
    finally:
        assert worker.stop() == 0  # within its 25 seconds

    assert {answer.status_code for answer in answers} == {302}
    assert statuses == [201, 201, 201]
    wait_until(mail.has_nobody_waiting, "the connections to the mail server to end")
    rows = Mail.objects.filter(state=State.WAITING)
    assert rows.count() == 12 and rows.filter(attempts__gt=0).count() >= delivery.AT_ONCE
    assert "The mail server took longer than 2 s." in worker.log.read_text()
    rows.delete()


def test_request_holds_no_connection_for_a_mail_and_takes_no_longer(bad_mail, providers, cast):
    """The web process has the settings of the silent mail server too, and never asks it."""
    mail, settings = bad_mail
    server = WebServer(**providers, **settings, PASSWORD_MAIL_ADDRESS_RATE_LIMIT="1000/m").start()
    try:
        users = [make_user(cast.workspace) for _ in range(12)]
        visitors = [Visitor(server.base_url) for _ in users]
        with ThreadPoolExecutor(len(users)) as pool:
            asked = [
                pool.submit(visitor.post, "/password/forgotten", email=user.email)
                for visitor, user in zip(visitors, users, strict=True)
            ]
            answers = [future.result() for future in asked]
    finally:
        server.kill()

    assert {answer.headers["Location"] for answer in answers} == {"/password/sent"}
    assert mail.connections == []
    Mail.objects.all().delete()
