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

from coachbot.mail import delivery, outbox
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
    Mail.objects.all().delete()
    yield mail, {"EMAIL_URL": f"{scheme}://127.0.0.1:{mail.port}", "EMAIL_TIMEOUT": "2"}
    Mail.objects.all().delete()
    mail.socket.close()


def test_mail_server_that_hangs_is_waited_for_by_a_few_threads_of_the_worker(bad_mail, providers):
    mail, settings = bad_mail
    for number in range(8):
        outbox.send(to=f"{number}@example.com", subject="Hello", text="Hello")

    worker = Worker(**providers, **settings).start()
    try:
        wait_until(lambda: len(mail.connections) >= delivery.AT_ONCE, "mails to hang")
        Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        PeriodicTask.objects.filter(name="heartbeat").update(due_at=timezone.now())
        wait_until(lambda: heartbeat.last_seen_seconds() < 60, "the worker to do the rest")
        wait_until(lambda: worker.says("took longer than 2 s."), "a mail to be left for later")
    finally:
        status = worker.stop()

    assert status == 0  # within the seconds that supervisors give it
    wait_until(mail.has_nobody_waiting, "the connections to the mail server to end")
    assert set(Mail.objects.values_list("state", flat=True)) == {State.WAITING}
    assert Mail.objects.filter(attempts__gt=0).count() >= delivery.AT_ONCE


@pytest.mark.parametrize("bad_mail", ["smtp-"], indirect=True)
def test_no_request_asks_the_mail_server_or_waits_for_it(bad_mail, providers, cast):
    mail, settings = bad_mail
    server = WebServer(
        **providers,
        **settings,
        DATABASE_POOL_SIZE="4",
        PUBLIC_API_RATE_LIMITS="1000/m",
        PASSWORD_MAIL_ADDRESS_RATE_LIMIT="1000/m",
    ).start()
    users = [make_user(cast.workspace) for _ in range(12)]
    api = Api(server.base_url, cast.key)

    def forget(user):
        return Visitor(server.base_url).post("/password/forgotten", email=user.email)

    def invite(user):
        path = f"/admin/{cast.workspace.slug}/settings/members/invite"
        fields = {"member-email": f"new-{user.email}", "member-role": "agent"}
        return Visitor(server.base_url, user).post(path, **fields)

    try:
        with ThreadPoolExecutor(len(users)) as pool:
            asked = [pool.submit(forget, user) for user in users[1:]]
            asked.append(pool.submit(invite, users[0]))
            statuses = [api.submit().status_code for _ in range(3)]
            answers = [future.result() for future in asked]
    finally:
        server.kill()

    assert statuses == [201, 201, 201]
    assert {answer.status_code for answer in answers} == {302}
    assert mail.connections == []
    assert Mail.objects.filter(state=State.WAITING).count() == len(users)
