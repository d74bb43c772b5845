"""What becomes of a message, and what follows for the lead: each answer that Twilio has."""

import pytest
from django.utils import timezone

from leads.models import Message, OptOut
from tests.factories import make_phone
from tests.servers import wait_until
from workspaces.models import Workspace


def opened(written, digits):
    """Take a lead in whose number chooses what happens, and send the opener."""
    lead = written.submit(phone=make_phone(digits))
    written.send(lead)
    return lead


def settled(written, lead, *statuses):
    reached = lambda: written.messages(lead)[0].status in statuses  # noqa: E731
    wait_until(reached, f"the message to be {' or '.join(statuses)}")
    lead.refresh_from_db()
    return written.messages(lead)[0]


@pytest.mark.parametrize(
    ("digits", "code"), [("40", "21211"), ("43", "21617"), ("47", "21655"), ("48", "21656")]
)
def test_a_refusal_that_only_a_person_can_mend_leaves_the_lead_to_one(written, digits, code):
    lead = opened(written, digits)

    message = settled(written, lead, "not_sent")
    assert message.error_code == code and message.error.endswith(".")
    assert (lead.status, lead.status_reason) == ("needs_human", "message_not_delivered")
    assert lead.qualification_notes == message.error
    assert written.sent(lead) == []


@pytest.mark.parametrize(
    ("digits", "code"),
    [("91", "63003"), ("92", "63024"), ("86", "63028"), ("89", "63013"), ("97", "63024")],
)
def test_a_failure_after_acceptance_leaves_the_lead_to_a_person(written, digits, code):
    lead = opened(written, digits)

    message = settled(written, lead, "failed", "undelivered")
    assert message.error_code == code
    assert (lead.status, lead.status_reason) == ("needs_human", "message_not_delivered")
    assert lead.qualification_notes == message.error != ""


@pytest.mark.parametrize("digits", ["42", "96"])
def test_who_blocked_us_is_put_on_the_list(written, digits):
    lead = opened(written, digits)

    settled(written, lead, "not_sent", "failed")
    assert OptOut.objects.get(workspace=written.workspace).way == "message"
    assert lead.held_because == "do_not_call" and not lead.steps.planned().exists()


@pytest.mark.parametrize(("digits", "word"), [("41", "trial"), ("44", "key_refused")])
def test_a_fault_of_the_account_holds_what_is_planned(written, digits, word):
    lead = opened(written, digits)

    settled(written, lead, "not_sent")
    step = lead.steps.planned().get()
    workspace = Workspace.objects.get(pk=written.workspace.pk)
    assert (step.kind, step.held_because) == ("first", "account_fault")
    assert (workspace.account_faults, workspace.account_fault) == (1, f"twilio.{word}")
    assert lead.status == "new"


def test_three_faults_of_the_account_are_told_once_and_a_message_that_goes_out_ends_it(written):
    for _ in range(4):
        opened(written, "44")
    assert alerts(written) == ["account.held"]

    lead = written.submit(phone=make_phone("13"))
    written.send(lead)
    settled(written, lead, "read")

    assert alerts(written) == ["account.held", "account.recovered"]


def alerts(written):
    rows = written.workspace.log.filter(kind="alert").order_by("pk")
    return list(rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("digits", "held"), [("84", ""), ("85", "daily_limit"), ("95", "daily_limit")]
)
def test_what_passes_by_itself_is_tried_later(written, digits, held):
    lead = opened(written, digits)

    settled(written, lead, "failed")
    step = lead.steps.planned().get()
    assert (step.kind, step.held_because) == ("first", held)
    assert lead.status == "new" and step.due_at > timezone.now()


def test_what_twilio_had_no_time_for_is_sent_again_in_a_second(written):
    lead = opened(written, "80")
    [message] = written.messages(lead)
    assert (message.status, message.tries) == ("pending", 1)

    Message.objects.filter(pk=message.pk).update(look_at=timezone.now())
    written.send(lead)

    settled(written, lead, "read")
    assert len(written.sent(lead)) == 1


def test_a_workspace_that_is_disconnected_meanwhile_keeps_the_lead(written):
    from workspaces.connections import credentials
    from workspaces.models import CredentialKind

    lead = written.submit()
    credentials.remove(written.workspace.pk, CredentialKind.TWILIO)

    [message] = written.send(lead)

    assert (message.status, message.error_code) == ("not_sent", "not_connected")
    assert lead.steps.planned().get().due_at is None


@pytest.mark.parametrize("digits", ["74", "75"])
def test_callbacks_that_come_twice_or_shuffled_end_the_same(written, digits):
    lead = opened(written, digits)

    message = settled(written, lead, "read")
    assert message.error_code == "" and lead.status == "new"
