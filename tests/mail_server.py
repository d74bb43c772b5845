"""A mail server that takes mails, or answers what a test wants."""

from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller

from tests.servers import free_port


class Inbox:
    """What a mail server took. answers: to the next mails, by its recipients or its data."""

    def __init__(self):
        self.mails = []
        self.refusals: list[str] = []  # of recipients
        self.answers: list[str] = []  # to what was sent

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusals:
            return self.refusals.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content))
        return self.answers.pop(0) if self.answers else "250 OK"


@contextmanager
def mail_server():
    """Run one. Yield its inbox and its port."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield inbox, server.port
    finally:
        server.stop()
