"""Whom a call is with: what the assistant is told of the lead, and the conversation with it."""

from coachbot.providers.vapi import client as vapi
from leads.models import Call, Conversation, Lead


def person_of(lead: Lead, *, last_summary: str = "", callback_notes: str = "") -> vapi.Person:
    """Return what the assistant is told of a lead. last_summary: of the call before.

    callback_notes: why the lead asked for this one.
    """
    return vapi.Person(
        *(lead.name, lead.phone, lead.email, lead.goal, lead.metadata, dict(lead.answers)),
        last_summary=last_summary,
        callback_notes=callback_notes,
    )


def last_summary_of(lead: Lead) -> str:
    """Return what was said in the latest call that has a summary."""
    told = lead.calls.exclude(summary="").order_by("-created_at")
    return told.values_list("summary", flat=True).first() or ""


def conversation_of(call: Call) -> Conversation:
    """Return the conversation that a call is part of; made for one of the release before."""
    if call.conversation is None:
        call.conversation = conversation_with(call.lead)
        Call.objects.filter(pk=call.pk).update(conversation=call.conversation)
    return call.conversation


def conversation_with(lead: Lead) -> Conversation:
    """Return the conversation with a lead on its channel; made where there is none."""
    return Conversation.objects.get_or_create(lead=lead, channel=lead.channel)[0]
