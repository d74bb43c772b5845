"""Mails wait as rows, are sent once, tried again, or given up; and no row tells what is in one."""

import logging
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, mail_admins, send_mail
from django.db import transaction
from django.utils import timezone

from coachbot.mail import delivery, outbox, sealed
from coachbot.mail.models import Mail, State
from tests.command_line import manage
from tests.journeys.test_canaries import dump_database
from tests.mail_server import mail_server

ADDRESS, SECRET = "jane@example.com", "https://coachbot.example/password/new/s3cr3t"


@pytest.fixture(autouse=True)
def inbox(settings):
    """A mail server, and an outbox with nothing in it from elsewhere."""
    Mail.objects.all().delete()
    settings.MAIL_BACKEND = "coachbot.mail.smtp.MailServer"
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server() as (inbox, settings.EMAIL_PORT):
        yield inbox
    Mail.objects.all().delete()


def post(**fields) -> Mail:
    outbox.send(**{"to": ADDRESS, "subject": "Hello", "text": SECRET, **fields})
    return Mail.objects.latest("created_at")


def deliver() -> None:
    """Do what a worker does when it is woken."""
    delivery.deliver.call_local()


def let_rest_pass() -> None:
    Mail.objects.filter(state=State.WAITING).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


def test_mail_is_sent_once_and_its_row_tells_nothing(inbox):
    row = post()
    before = dump_database()

    deliver()
    deliver()
    row.refresh_from_db()

    [mail] = inbox.mails
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Hello")
    assert mail.get_payload().strip() == SECRET
    assert "s3cr3t" not in before and ADDRESS not in str(Mail.objects.values_list())
    assert (row.state, row.sealed, row.attempts) == (State.SENT, "", 1)


def test_mail_of_a_transaction_that_fails_is_not_sent(inbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post()
        1 / 0  # noqa: B018

    deliver()

    assert inbox.mails == []


def test_all_that_django_sends_goes_through_the_outbox(inbox, settings):
    settings.EMAIL_BACKEND = "coachbot.mail.backend.Outbox"
    settings.ADMINS = [("Jane", ADDRESS)]
    mail_admins("By Django", "x")
    send_mail("By Django", "x", None, [ADDRESS], html_message="<p>x</p>")
    assert inbox.mails == []

    deliver()

    kinds = [mail.get_content_type() for mail in inbox.mails]
    assert kinds == ["text/plain", "multipart/alternative"]


def test_mail_server_that_is_busy_is_asked_again_later_with_the_same_mail(inbox, caplog):
    row = post()
    inbox.answers = ["451 Try later"]
    deliver()
    deliver()  # nothing is due
    row.refresh_from_db()
    rest = row.lease_until - timezone.now()

    let_rest_pass()
    deliver()
    row.refresh_from_db()

    assert timedelta(seconds=5) < rest < timedelta(seconds=11)
    assert (row.state, row.attempts) == (State.SENT, 2)
    ids = {mail["Message-ID"] for mail in inbox.mails}
    assert len(inbox.mails) == 2 and len(ids) == 1
    assert f"Mail {row.pk} was not taken at attempt 1" in caplog.text


def test_rests_grow_to_an_hour_and_end_within_a_day(inbox):
    row, rests = post(), []
    for attempt in range(1, 12):
        inbox.refusals = ["450 Busy"]
        let_rest_pass()
        deliver()
        row.refresh_from_db()
        rests.append(round((row.lease_until - timezone.now()).total_seconds(), -1))
        assert row.attempts == attempt
    inbox.refusals = ["450 Busy"]
    Mail.objects.update(expires_at=timezone.now() + timedelta(minutes=30))
    let_rest_pass()
    deliver()
    row.refresh_from_db()

    assert rests[:4] == [10, 20, 40, 80]
    assert rests[-1] == 3600
    assert (row.state, row.sealed) == (State.GIVEN_UP, "")
    assert row.expires_at - row.created_at <= timedelta(days=1)


@pytest.mark.parametrize("part", ["refusals", "answers"])
def test_mail_that_will_never_be_taken_is_given_up_and_said_in_the_log(inbox, caplog, part):
    row = post()
    setattr(inbox, part, ["550 No such user"])

    deliver()
    row.refresh_from_db()

    assert (row.state, row.sealed, row.attempts) == (State.GIVEN_UP, "", 1)
    [told] = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert f"Mail {row.pk} was given up after 1 attempts: SMTP" in told.getMessage()


def test_link_that_has_expired_is_not_sent(inbox):
    row = post(lasts=timedelta(seconds=60))
    Mail.objects.update(expires_at=timezone.now())

    deliver()
    row.refresh_from_db()

    assert inbox.mails == []
    assert (row.state, row.sealed) == (State.GIVEN_UP, "")


def test_mail_of_a_worker_that_died_is_sent_once_its_lease_has_run_out(inbox):
    row = post()
    Mail.objects.update(lease_until=timezone.now() + delivery.LEASE, attempts=1)
    deliver()
    assert inbox.mails == []

    let_rest_pass()
    deliver()

    row.refresh_from_db()
    assert (len(inbox.mails), row.state, row.attempts) == (1, State.SENT, 2)


def test_decoy_costs_a_row_and_reaches_nobody(inbox):
    row = post(is_decoy=True)
    assert row.sealed

    deliver()

    assert inbox.mails == [] and not Mail.objects.exists()


@pytest.mark.parametrize("fields", [{"subject": "a\nBcc: b@c.de"}, {"to": "a\n@b.de"}])
def test_what_no_mail_can_hold_is_refused_where_it_is_written(fields):
    with pytest.raises(ValueError):
        post(**fields)

    assert not Mail.objects.exists()


def test_attachments_are_refused():
    message = EmailMultiAlternatives("Hello", "x", to=[ADDRESS])
    message.attach("a.txt", "x")

    with pytest.raises(ValueError):
        outbox.post(message)


def test_mail_that_no_key_opens_is_given_up(inbox):
    row = post()
    Mail.objects.update(sealed=row.sealed[:-8] + "AAAAAAA=")

    deliver()
    row.refresh_from_db()

    assert (inbox.mails, row.state) == ([], State.GIVEN_UP)


def test_waiting_mails_go_along_to_a_new_key(inbox, settings):
    row = post()
    old, new = settings.ENCRYPTION_KEYS[0], "B" * 43 + "="

    done = manage("rotate_encryption_key", ENCRYPTION_KEY=f"{new},{old}")
    settings.ENCRYPTION_KEYS = [new]
    deliver()
    row.refresh_from_db()
    settings.ENCRYPTION_KEYS = [old, new]
    back = manage("rotate_encryption_key", ENCRYPTION_KEY=f"{old},{new}")

    assert "1 mails that wait were sealed anew." in done.stdout
    assert (row.state, len(inbox.mails)) == (State.SENT, 1)
    assert back.returncode == 0


def test_rows_of_ended_mails_go_after_a_week(inbox):
    kept, gone, waits = post(), post(), post()
    ended = timezone.now() - timedelta(days=8)
    Mail.objects.filter(pk=kept.pk).update(state=State.SENT, sealed="", ended_at=timezone.now())
    Mail.objects.filter(pk=gone.pk).update(state=State.SENT, sealed="", ended_at=ended)
    Mail.objects.filter(pk=waits.pk).update(created_at=ended)

    assert outbox.oldest_waiting_seconds() > 8 * 24 * 3600 - 60
    outbox.forget_ended()

    assert {row.pk for row in Mail.objects.all()} == {kept.pk, waits.pk}
    assert [row.pk for row in sealed.waiting()] == [waits.pk]
