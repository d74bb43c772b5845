"""What workers do for mails: the periodic tasks. A wake-up sends most of them at once."""

from datetime import time

from coachbot.db import leases
from coachbot.mail import delivery, outbox, sealed
from coachbot.work import engine, periodic


@periodic.every(10, name="mail")
def deliver() -> None:
    """Have what is due sent by as many threads as may, since one of them may have to wait."""
    for _ in leases.run_out(sealed.waiting())[: delivery.AT_ONCE]:
        engine.wake(delivery.deliver)


@periodic.daily(time(4, 10), name="ended-mails")
def forget_ended() -> None:
    outbox.forget_ended()
