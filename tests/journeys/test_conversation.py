"""A written conversation in the browser: it grows while one reads, and one writes in it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.models import Conversation
from tests.factories import make_conversation, make_lead, make_message, make_user
from tests.written_leads import make_written_workspace

# The page asks for news every 5 seconds.
SOON = 20_000


@pytest.fixture(scope="module")
def workspace():
    return make_written_workspace()


@pytest.fixture
def conversation(workspace):
    """A conversation that is longer than what is seen of it at once."""
    lead = make_lead(workspace, status="in_conversation")
    found = make_conversation(lead, window_until=timezone.now() + timedelta(hours=20))
    for place in range(40):
        at = timezone.now() - timedelta(minutes=60 - place)
        make_message(found, f"Message {place}", created_at=at)
    return found


@pytest.fixture
def page(browse, workspace, conversation):
    found = browse(make_user(workspace), viewport={"width": 1280, "height": 900})
    found.goto(f"/admin/{workspace.slug}/leads/{conversation.lead_id}")
    return found


def is_in_view(page, text) -> bool:
    """Return whether a message is seen in the box of the conversation."""
    return page.get_by_text(text, exact=True).evaluate(
        "e => { const box = e.closest('[data-thread]').getBoundingClientRect();"
        " const own = e.getBoundingClientRect();"
        " return own.top >= box.top - 1 && own.bottom <= box.bottom + 1; }"
    )


def test_latest_message_is_seen_first_and_the_next_one_by_itself(page, conversation):
    assert is_in_view(page, "Message 39")

    make_message(conversation, "Brand new")
    page.get_by_text("Brand new").wait_for(timeout=SOON)

    assert is_in_view(page, "Brand new")


def test_who_reads_further_up_is_not_moved_by_what_comes(page, conversation):
    page.get_by_text("Message 3", exact=True).scroll_into_view_if_needed()
    place = "document.querySelector('[data-thread]').getBoundingClientRect().top"
    before = page.get_by_text("Message 3", exact=True).evaluate(
        f"e => e.getBoundingClientRect().top - {place}"
    )

    make_message(conversation, "Brand new")
    page.get_by_text("Brand new").wait_for(timeout=SOON, state="attached")

    after = page.get_by_text("Message 3", exact=True).evaluate(
        f"e => e.getBoundingClientRect().top - {place}"
    )
    assert abs(after - before) < 2


def test_what_is_typed_stays_when_news_come_and_is_counted(page, conversation):
    field = page.get_by_label("Write to the lead")
    field.fill("Half a sent")
    counted = page.locator("[data-characters-left]")
    assert counted.inner_text() == "1589 characters left"

    make_message(conversation, "Brand new")
    page.get_by_text("Brand new").wait_for(timeout=SOON)

    assert field.input_value() == "Half a sent"
    field.fill("x" * 1_602)
    assert counted.inner_text() == "2 characters too many"


def test_double_click_sends_once_and_the_message_is_there(page, conversation):
    page.get_by_label("Write to the lead").fill("This is Ann.")

    page.get_by_role("button", name="Take over and send").dblclick()
    page.locator(".message-person").get_by_text("This is Ann.").wait_for()

    assert conversation.messages.filter(author="person").count() == 1
    assert page.get_by_role("button", name="Hand back to the agent").is_visible()


def test_window_that_closes_turns_the_composer_into_templates(page, conversation):
    assert "19 h" in page.locator(".window-left").inner_text()

    Conversation.objects.filter(pk=conversation.pk).update(window_until=timezone.now())
    page.get_by_role("button", name="Send the follow-up").wait_for(timeout=SOON)

    assert page.get_by_label("Write to the lead").count() == 0
