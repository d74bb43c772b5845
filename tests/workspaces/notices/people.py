"""The worker's part for notices, and a channel that can be told what to answer."""

import json
import threading
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone

from coachbot.mail import delivery
from workspaces.models import NoticeHook
from workspaces.notices import channel, mail, posting, spreading


class People:
    """Does what a worker does, and reads what came of it."""

    def __init__(self, inbox):
        self.inbox = inbox

    def tell(self) -> None:
        """Tell what is due: by mail, and to the mail server."""
        spreading.spread()
        while mail.send_due():
            pass
        delivery.deliver.call_local()

    def mails_to(self, user) -> list:
        """Return the mails to somebody so far, after what is due was told."""
        self.tell()
        return [message for message in self.inbox.mails if message["To"] == user.email]


def text_of(message) -> str:
    """Return the text of a mail."""
    return message.get_payload(decode=True).decode().replace("\r\n", "\n")


def subject_of(message) -> str:
    """Return the subject of a mail, as it is read."""
    return " ".join(str(make_header(decode_header(message["Subject"]))).split())


class Channel:
    """A stand-in for Slack. statuses: answers to the next messages; 200 to all others."""

    def __init__(self):
        self.bodies, self.statuses, self.headers = [], [], {}
        running = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                running.bodies.append(json.loads(body))
                self.send_response(running.statuses.pop(0) if running.statuses else 200)
                for name, value in running.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/services/T0/s3cr3t"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()

    @property
    def texts(self) -> list[str]:
        return [body["text"] for body in self.bodies]

    def connect(self, workspace, by) -> NoticeHook:
        """Make it the channel of a workspace."""
        channel.connect(workspace, self.url, by)
        return channel.of(workspace)

    def tell(self, hook: NoticeHook) -> None:
        """Do what a worker does for a channel, as if its rest were over."""
        spreading.spread()
        rows = NoticeHook.objects.filter(pk=hook.pk)
        rows.update(quiet_until=None, lease_until=None)
        lease = timezone.now().replace(microsecond=0) + posting.LEASE
        rows.update(lease_until=lease)
        posting.post.call_local(hook.pk, lease)
