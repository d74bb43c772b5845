"""Messages that Twilio could not deliver are read from its list, once, and answered if in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.messages.incoming import backfill
from leads.models import Message, MessageSweep
from tests.factories import make_phone
from workspaces.models import Credential


@pytest.fixture
def lead(written):
    """A lead that was written to, of a workspace that is connected since long ago."""
    written.setup(list_lag=0)
    long_ago = timezone.now() - timedelta(days=10)
    Credential.objects.filter(workspace=written.workspace).update(updated_at=long_ago)
    lead = written.submit(phone=make_phone("13"))
    written.send(lead)
    return lead


def read(written, *, read_to=timedelta(hours=1)):
    """Do the worker's part, where the list was read to some time ago."""
    at = timezone.now() - read_to
    sweep, _ = MessageSweep.objects.update_or_create(
        workspace=written.workspace, defaults={"read_to": at, "due_at": at}
    )
    backfill.read.call_local(sweep.pk)
    sweep.refresh_from_db()
    return sweep


def bodies(written, lead):
    return [message.body for message in written.messages(lead) if message.author == "lead"]


def test_what_was_missed_is_taken_in_once_and_is_to_be_answered(written, lead):
    for age in (600, 60):
        written.write(lead, f"{age} s ago", delivered=False, age=age)

    sweep = read(written)
    read(written)

    assert bodies(written, lead) == ["600 s ago", "60 s ago"]
    assert sweep.due_at > timezone.now() and sweep.tries == 0
    assert written.conversation(lead).due_at is not None


def test_what_was_delivered_is_not_taken_in_again(written, lead):
    written.write(lead, "Hello")

    read(written)

    assert bodies(written, lead) == ["Hello"]


def test_what_is_older_than_the_window_is_left_to_a_person(written, lead):
    written.write(lead, "A day ago", delivered=False, age=25 * 3600)

    read(written, read_to=timedelta(hours=30))

    lead.refresh_from_db()
    assert bodies(written, lead) == ["A day ago"]
    assert (lead.status, written.conversation(lead).due_at) == ("needs_human", None)


def test_what_came_before_the_account_was_connected_is_left(written, lead):
    Credential.objects.filter(workspace=written.workspace).update(updated_at=timezone.now())
    written.write(lead, "Long ago", delivered=False, age=3600)

    read(written, read_to=timedelta(hours=2))

    assert bodies(written, lead) == []


def test_while_twilio_is_away_nothing_is_lost(written, lead, settings):
    written.write(lead, "Missed", delivered=False, age=60)
    there, settings.TWILIO_BASE_URL = settings.TWILIO_BASE_URL, "http://127.0.0.1:9"
    assert read(written).tries == 1
    settings.TWILIO_BASE_URL = there

    sweep = MessageSweep.objects.get(workspace=written.workspace)
    backfill.read.call_local(sweep.pk)

    assert bodies(written, lead) == ["Missed"]


def test_every_connected_workspace_has_its_list_read(written):
    backfill.wake_due()

    assert MessageSweep.objects.filter(workspace=written.workspace).exists()
    assert Message.objects.filter(workspace=written.workspace).count() == 0
