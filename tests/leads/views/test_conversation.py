"""The page of a lead that is written to: what was written, and writing by hand."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from leads.contact.do_not_call import opt_outs
from leads.models import Activity, Conversation, Lead, Way
from tests.dashboard import text_of
from tests.factories import make_conversation, make_lead, make_message, make_user
from tests.written_leads import make_connected, make_written_lead, make_written_workspace
from workspaces.models import Role, Workspace

A_DAY = timedelta(hours=23)


@pytest.fixture(scope="module")
def workspace():
    return make_written_workspace()


@pytest.fixture(scope="module")
def member(workspace):
    return make_user(workspace, Role.AGENT)


@pytest.fixture
def conversation(workspace):
    """A conversation in which anything may be written."""
    lead = make_lead(workspace, status="in_conversation")
    return make_conversation(
        lead, window_until=timezone.now() + A_DAY, waiting_since=timezone.now()
    )


@pytest.fixture
def visitor(visit, member):
    return visit(member)


def page_of(lead) -> str:
    return f"/admin/{lead.workspace.slug}/leads/{lead.pk}"


def ours(conversation):
    return list(conversation.messages.outbound().in_order())


def test_messages_stand_with_author_kind_and_mark(visitor, workspace):
    lead = make_written_lead(workspace, name="Jane Doe")

    text = unescape(text_of(visitor.get(page_of(lead))))

    for said in (
        "Agent Template",
        "Jane, Acme, a plan for 12",
        "Jane Doe Voice note",
        "Jane Doe Picture",
        "My desk",
        "Big Ben, 51.5007, -0.1246",
        "Jane Doe Contact",
        "Jane Doe Button",
        "Read",
        "Waits to be sent",
        "Not delivered. Nobody uses WhatsApp with this number",
        "Failed. The lead's last message is more than 24 hours old",
        "Not known whether sent. Twilio did not say",
        "It may have arrived twice",
        "Not sent. This person does not want messages",
        "The agent asked for free times",
        "Wants <b>mornings</b>.",
    ):
        assert said in text, said


def test_what_strangers_write_is_text_and_turns_nothing_around(visitor, workspace):
    lead = make_written_lead(workspace, name="\u202eJane<script>alert(1)</script>")

    page = visitor.get(page_of(lead)).text

    assert "<script>alert" not in page and "<img src=x" not in page
    authors = re.findall(r'<bdi class="strong">([^<]*)</bdi>', page)
    assert authors and not any("\u202e" in author for author in authors)


def test_each_day_begins_with_its_name(visitor, workspace):
    lead = make_written_lead(workspace)

    days = re.findall(
        r'<li class="thread-day[^>]*><time datetime="([0-9-]+)"', visitor.get(page_of(lead)).text
    )

    assert len(days) == 2 and days == sorted(days)


def test_page_says_until_when_anything_may_be_written(visitor, conversation):
    Conversation.objects.filter(pk=conversation.pk).update(
        window_until=timezone.now() + timedelta(hours=3, minutes=12, seconds=30)
    )

    text = text_of(visitor.get(page_of(conversation.lead)))

    assert re.search("Window open, 3 h 1[12] min left", " ".join(text.split()).replace(" ,", ","))
    assert "At most 1,600 characters." in text


def test_member_who_writes_takes_the_lead_over(visitor, member, conversation):
    answer = visitor.post(f"{page_of(conversation.lead)}/write", text="This is Ann.\r\nHello!")

    lead = Lead.objects.get(pk=conversation.lead_id)
    [message] = ours(conversation)
    assert answer.headers["Location"] == f"{page_of(lead)}#write"
    assert (message.body, message.purpose) == ("This is Ann.\nHello!", "by_hand")
    assert (message.author, message.member) == ("person", member)
    assert (lead.status, lead.status_reason) == ("needs_human", "taken_over")
    assert lead.owner_name == member.email
    assert Conversation.objects.get(pk=conversation.pk).waiting_since is None
    text = text_of(visitor.get(page_of(lead)))
    assert f"{member.email}" in text and "Hand back to the agent" in text


def test_who_wrote_is_kept_without_the_words(visitor, workspace, conversation):
    visitor.post(f"{page_of(conversation.lead)}/write", text="The secret price is 7")

    activity = Activity.objects.get(lead=conversation.lead_id, code="wrote")
    row = workspace.log.get(code="lead.write", lead_id=conversation.lead_id)
    assert activity.text == ""
    assert "secret price" not in f"{row.request}{row.response}{row.error}"


def test_lead_of_another_member_stays_that_ones(visitor, workspace, conversation):
    other = make_user(workspace).memberships.get()
    Lead.objects.filter(pk=conversation.lead_id).update(owner=other)

    visitor.post(f"{page_of(conversation.lead)}/write", text="Hello")

    assert Lead.objects.get(pk=conversation.lead_id).owner == other
    assert len(ours(conversation)) == 1


def test_form_that_is_sent_twice_writes_once(visitor, conversation):
    page = page_of(conversation.lead)
    form = visitor.form_on(page)

    for _ in range(2):
        visitor.post(f"{page}/write", text="Hello", **form)

    assert len(ours(conversation)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 1_601, "at most 1600 characters"),
        ("", "Write something first."),
        ("\u200b \u202e", "Write something"),
    ],
)
def test_text_that_cannot_be_sent_is_said_and_stays(visitor, conversation, text, said):
    answer = visitor.post(f"{page_of(conversation.lead)}/write", text=text)

    assert answer.status_code == 200 and said in text_of(answer)
    assert text in answer.text and ours(conversation) == []


def test_longest_text_is_sent_whatever_its_line_breaks(visitor, conversation):
    text = ("x" * 39 + "\r\n") * 39 + "y" * 40

    visitor.post(f"{page_of(conversation.lead)}/write", text=text)

    assert len(ours(conversation)[0].body) == 1_600


def close_window(conversation):
    Conversation.objects.filter(pk=conversation.pk).update(
        window_until=timezone.now() - timedelta(minutes=1)
    )


def test_outside_of_the_window_templates_are_offered(visitor, conversation):
    close_window(conversation)
    page = page_of(conversation.lead)

    text = text_of(visitor.get(page))
    refused = visitor.post(f"{page}/write", text="Too late, but not lost")
    visitor.post(f"{page}/write-template", which="follow_up")

    assert "Window closed" in text and "WhatsApp takes approved templates only" in text
    assert "Send the first message Send the follow-up" in text
    assert "Nothing was sent." in text_of(refused) and "Too late, but not lost" in refused.text
    [message] = ours(conversation)
    assert (message.kind, message.purpose) == ("template", "by_hand")
    assert message.details["template"] == "follow_up"


def test_template_that_there_is_not_is_neither_offered_nor_sent(visit):
    workspace = make_written_workspace()
    make_connected(workspace, follow_up=False)
    lead = make_lead(workspace)
    visitor = visit(make_user(workspace))

    text = text_of(visitor.get(page_of(lead)))
    refused = visitor.post(f"{page_of(lead)}/write-template", which="follow_up")
    unknown = visitor.post(f"{page_of(lead)}/write-template", which="../../etc")

    assert "The lead has not written yet" in text and "Send the follow-up" not in text
    assert "The Twilio account has no such template." in text_of(refused)
    assert unknown.status_code == 200
    assert not Conversation.objects.filter(lead=lead, messages__isnull=False).exists()


def test_who_sent_stop_is_not_written_to(visitor, workspace, conversation):
    opt_outs.add(workspace, [conversation.lead.phone], way=Way.MESSAGE)
    page = page_of(conversation.lead)

    shown = visitor.get(page)
    refused = visitor.post(f"{page}/write", text="One more thing")

    assert "data-composer" not in shown.text and "write-template" not in shown.text
    assert "This person does not want messages" in text_of(shown)
    assert "Nothing was sent. This person does not want messages" in text_of(refused)
    assert ours(conversation) == []


def test_closed_lead_is_reopened_first(visitor, conversation):
    Lead.objects.filter(pk=conversation.lead_id).update(closed_as="won", closed_at=timezone.now())

    answer = visitor.post(f"{page_of(conversation.lead)}/write", text="Hello")

    assert "Reopen it first" in text_of(answer) and ours(conversation) == []


def test_workspace_that_is_not_connected_says_what_is_missing(visit):
    workspace = make_written_workspace()
    workspace.credentials.all().delete()
    lead = make_lead(workspace)

    text = text_of(visit(make_user(workspace)).get(page_of(lead)))

    assert "it needs a Twilio account and a language model" in text


def test_page_changes_with_messages_marks_and_the_window(visitor, conversation):
    changes = f"{page_of(conversation.lead)}/changes"

    def version(seen=""):
        answer = visitor.get(changes, version=seen)
        if answer.status_code == 204:
            return seen
        return re.search('data-version="([0-9a-f]+)"', answer.text)[1]

    seen = [version()]
    seen.append(version(seen[-1]))
    assert seen[0] == seen[1]
    message = make_message(conversation, "Hi", author="agent", status="sent")
    seen.append(version(seen[-1]))
    type(message).objects.filter(pk=message.pk).update(status="read")
    seen.append(version(seen[-1]))
    close_window(conversation)
    seen.append(version(seen[-1]))

    assert len(set(seen)) == 4


def test_pause_does_not_keep_people_from_writing(visitor, workspace, conversation):
    Workspace.objects.filter(pk=workspace.pk).update(is_paused=True)
    try:
        visitor.post(f"{page_of(conversation.lead)}/write", text="Hello")
    finally:
        Workspace.objects.filter(pk=workspace.pk).update(is_paused=False)

    assert len(ours(conversation)) == 1
