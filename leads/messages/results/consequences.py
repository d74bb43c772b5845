"""What follows for a lead from what became of a message: the next attempt of the plan, a person who
is told, the account's breaker, the do-not-call list.

Everything within the transaction that writes the message, with the lead's row locked.
"""

from datetime import datetime, timedelta

from django.db.models import Max

from coachbot.db import clock
from coachbot.providers.twilio.errors import Fault
from leads import status
from leads.contact import breaker
from leads.contact.do_not_call import opt_outs
from leads.contact.planned import attempts, steps
from leads.contact.rules import UNASKED, Held
from leads.messages import alerts, window
from leads.messages.results import again
from leads.messages.results.faults import Failure
from leads.models import (
    GONE_OUT,
    HeldBecause,
    Lead,
    LeadStatus,
    Message,
    MessagePurpose,
    MessageStatus,
    StatusReason,
    StepKind,
    Way,
)

# Of an account that sends nothing, one message a minute is tried; see contact.breaker.
ACCOUNT_PAUSE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
# Minutes apart, for trouble of WhatsApp's.
SOON = timedelta(minutes=2)
MOST_RETRIES = 3
# What only a person can mend, and mends for every message after it.
TOLD_AT_ONCE = (Fault.CONFIG, Fault.CONTENT, Fault.OURS)


def of_going_out(message: Message) -> None:
    """Plan the next attempt after a message without an answer that Twilio took."""
    lead = message.thread.lead
    breaker.note_taken(lead.workspace, message.created_at)
    if lead.held_because and lead.held_because != HeldBecause.DO_NOT_CALL:
        Lead.objects.filter(pk=lead.pk).update(held_because="")
    if message.purpose not in UNASKED or lead.status != LeadStatus.NEW or _is_planned(lead):
        return
    following = attempts.next_one(lead, since=clock.now())
    if following is None:
        attempts.stop(lead)
    else:
        steps.plan(lead, StepKind.ATTEMPT, following)


def of_passing(message: Message) -> None:
    """Note that a message left Twilio, so its account works."""
    breaker.note_passed(message.thread.lead.workspace, message.created_at)


def of_rule(message: Message, held: Held) -> None:
    """Put the contact off that a rule holds until its time comes, or for a person to decide."""
    lead = message.thread.lead
    if held.code == HeldBecause.DO_NOT_CALL:
        steps.drop(lead)
    elif message.purpose in UNASKED:
        _plan_again(message, held.until, held.code)


def of_refusal(message: Message, failure: Failure) -> None:
    """Do what has to follow a message that Twilio did not take, or that was not sent to it."""
    of_failure(message, failure)


def of_failure(message: Message, failure: Failure) -> None:
    """Do what has to follow a message that did not arrive, by whose fault it is."""
    lead, is_unasked = message.thread.lead, message.purpose in UNASKED
    match failure.fault:
        case Fault.OPT_OUT:
            opt_outs.add(lead.workspace, [lead.phone], way=Way.MESSAGE)
            return
        case Fault.WINDOW:
            window.close(message.thread)
        case Fault.ACCOUNT:
            breaker.note_fault(lead.workspace_id, failure.name)
            if is_unasked:
                _plan_again(message, clock.now() + ACCOUNT_PAUSE, HeldBecause.ACCOUNT_FAULT)
                return
        case Fault.LATER | Fault.RETRY if _retry(message, failure):
            return
    if failure.fault in TOLD_AT_ONCE:
        alerts.tell(lead.workspace, failure.name, failure.words)
    to_person(lead, failure.words)


def to_person(lead: Lead, words: str) -> None:
    """Leave a lead to a person, and plan nothing more of the agent's accord."""
    steps.drop_attempt(lead)
    status.move(lead.pk, StatusReason.MESSAGE_NOT_DELIVERED, notes=words)


def _retry(message: Message, failure: Failure) -> bool:
    """Plan a message again that failed for a while. Return False where it failed too often."""
    if message.purpose not in UNASKED:
        return again.has_moved_on(message) or (
            failure.fault is Fault.RETRY and again.write(message, after=SOON) is not None
        )
    if _failed_in_a_row(message) > MOST_RETRIES:
        return False
    is_soon = failure.fault is Fault.RETRY
    due = clock.now() + (SOON if is_soon else A_DAY)
    _plan_again(message, due, "" if is_soon else HeldBecause.DAILY_LIMIT)
    return True


def _plan_again(message: Message, due: datetime | None, held_because: str) -> None:
    lead = message.thread.lead
    if lead.status != LeadStatus.NEW and message.purpose != MessagePurpose.OPENER:
        steps.drop_attempt(lead)
        return
    kind = StepKind.FIRST if message.purpose == MessagePurpose.OPENER else StepKind.RETRY
    steps.plan(lead, kind, due, held_because=held_because)


def _failed_in_a_row(message: Message) -> int:
    """Return how many messages failed since the last one that did not, this one included."""
    unasked = message.thread.messages.filter(purpose__in=UNASKED)
    last = unasked.filter(status__in=GONE_OUT).aggregate(at=Max("created_at"))["at"]
    failed = unasked.filter(
        status__in=[MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.NOT_SENT]
    )
    return int((failed.filter(created_at__gt=last) if last else failed).count())


def _is_planned(lead: Lead) -> bool:
    return bool(lead.steps.planned().exists())
