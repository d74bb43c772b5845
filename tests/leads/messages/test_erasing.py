"""Erasing a lead takes its messages along, and those of its number that nobody could file."""

from datetime import timedelta

from django.utils import timezone

from leads import erasure
from leads.models import Conversation, Message, Turn
from tests.factories import make_phone


def test_nothing_of_a_conversation_is_left(written):
    lead = written.submit(phone=make_phone("13"), name="Erasmus Erased")
    written.send(lead)
    written.write(lead, "My secret wish")
    Turn.objects.create(conversation=written.conversation(lead), through=timezone.now())

    gone, stays = erasure.erase_leads(written.workspace, [lead.pk])

    assert (gone, stays) == ([lead.pk], ())
    assert not Message.objects.filter(workspace=written.workspace).exists()
    assert not Conversation.objects.filter(lead=lead.pk).exists()
    for row in written.workspace.log.all():
        assert "secret" not in f"{row.request}{row.response}{row.error}"
        assert lead.phone not in f"{row.request}{row.response}{row.error}"


def test_messages_of_its_number_from_before_go_too(written):
    phone = make_phone("13")
    written.twilio.write(written.account.account_sid, phone, "Before I was a lead")
    lead = written.submit(phone=phone)

    erasure.erase_leads(written.workspace, [lead.pk])

    assert not Message.objects.filter(workspace=written.workspace).exists()


def test_who_is_written_to_just_now_stays(written):
    lead = written.submit()
    soon = timezone.now() + timedelta(seconds=20)
    Message.objects.filter(conversation__lead=lead).update(status="sending", lease_until=soon)

    gone, stays = erasure.erase_leads(written.workspace, [lead.pk])

    assert (gone, stays) == ([], (lead.plain_name,))


def test_strangers_are_kept_as_long_as_the_log(written):
    written.twilio.write(written.account.account_sid, "+447700900997", "Hello")
    rows = Message.objects.filter(workspace=written.workspace)

    erasure.apply_retention(written.workspace, timezone.now())
    assert rows.count() == 1
    erasure.apply_retention(written.workspace, timezone.now() + timedelta(days=91))

    assert rows.count() == 0
