"""People who are told something: a mail server, a channel, and the worker's part."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coachbot.mail.models import Mail
from tests.factories import make_user, make_workspace
from tests.mail_server import mail_server
from tests.workspaces.notices.people import Channel, People
from workspaces.models import Notice, NoticeReader


@pytest.fixture
def inbox(settings):
    """A mail server, and nothing in the outbox from elsewhere."""
    Mail.objects.all().delete()
    Notice.objects.filter(spread_at=None).delete()
    settings.MAIL_BACKEND = "coachbot.mail.smtp.MailServer"
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_server() as (inbox, settings.EMAIL_PORT):
        yield inbox
    Mail.objects.all().delete()


@pytest.fixture
def workspace():
    return make_workspace()


@pytest.fixture
def owner(workspace):
    """An owner, who is told what owners are told."""
    return make_user(workspace)


@pytest.fixture
def people(inbox):
    """What the worker does for people, and the mails that came of it."""
    return People(inbox)


@pytest.fixture
def channel(settings):
    """A channel that takes messages, or answers what a test wants."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Channel() as running:
        yield running


@pytest.fixture
def let_pass():
    """Return a function that makes the rest between two messages be over."""

    def pass_by(rows=NoticeReader.objects, **ago):
        then = timezone.now() - timedelta(**(ago or {"seconds": 1}))
        rows.filter(quiet_until__isnull=False).update(quiet_until=then)

    return pass_by
