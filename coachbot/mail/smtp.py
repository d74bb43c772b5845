"""Handing mails to the mail server, which may be slow, silent or away.

Workers do, and the command that tries it out. Whoever sends one waits for EMAIL_TIMEOUT seconds
at most, and holds no database connection meanwhile.
"""

import smtplib
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Timer
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from coachbot.db.connections import release_connection
from coachbot.deadline import Deadline

# Looking a name up and trying one address after the other have no time limit of their own:
# they are left to a thread that nobody waits for longer than EMAIL_TIMEOUT.
_senders = ThreadPoolExecutor(max_workers=16, thread_name_prefix="mail")


class MailServer(EmailBackend):
    """Django's SMTP backend, with a limit on the whole time of a mail."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return what speaks SMTP, over TLS from the first byte or not."""
        return _ImpatientOverTLS if self.use_ssl else _Impatient

    def send_messages(self, email_messages) -> int:
        """Send mails and return how many. Raises OSError, of which SMTPException is a kind.

        Not inside a transaction: RuntimeError.
        """
        release_connection()
        sending = _senders.submit(super().send_messages, email_messages)
        try:
            return sending.result(self.timeout)
        except TimeoutError:
            sending.cancel()
            raise TimeoutError(f"The mail server took longer than {self.timeout:g} s.") from None


class _HasDeadline(smtplib.SMTP):
    """Makes an SMTP connection end at its time-out, even if an answer comes byte by byte."""

    def __init__(self, *address: Any, timeout: float, **options: Any):
        self.deadline = Deadline(timeout)
        options["timeout"] = timeout
        super().__init__(*address, **options)

    def getreply(self):
        """Return the server's answer. Raises SMTPServerDisconnected when the time is over."""
        end = Timer(self.deadline.remaining(), _cut(self.sock))
        end.daemon = True
        end.start()
        try:
            return super().getreply()
        finally:
            end.cancel()


class _Impatient(_HasDeadline):
    pass


class _ImpatientOverTLS(_HasDeadline, smtplib.SMTP_SSL):
    pass


def _cut(connection: socket.socket | None) -> Callable[[], None]:
    """Return what ends a connection, so that whoever reads from it sees its end."""

    def cut() -> None:
        if connection is None:  # it was never made
            return
        with suppress(OSError):  # it is closed already
            # Below TLS: SSLSocket.shutdown() would have the reader raise a ValueError.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    return cut
