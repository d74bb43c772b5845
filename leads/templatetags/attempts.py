"""What the list of leads says of their attempts."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as written

from leads.contact.sentences import in_short
from leads.models import Lead
from leads.snapshot import inquiry

register = template.Library()

A_WEEK = 6  # days in which a day of the week says which day is meant


@register.simple_tag
def attempts_of(lead: Lead) -> dict[str, Any]:
    """Return what is said of a lead of inquiry.followed(): `made`, and what is `next`."""
    followed = inquiry.follow_up_in(lead.workspace, lead)
    if followed is None:
        return {}
    return {
        "made": f"{followed.attempts_made} of {followed.attempts_planned}",
        "at": followed.next_attempt_at,
        "next": _next(lead, followed),
    }


@register.simple_tag
def last_message(lead: Any) -> dict[str, Any]:
    """Return who wrote last, and when, of a lead of lists.with_contacts(); empty for nobody."""
    written = {"lead": lead.last_inbound_at, "us": lead.last_outbound_at}
    moments = [(at, by) for by, at in written.items() if at]
    return dict(zip(("at", "by"), max(moments), strict=True)) if moments else {}


def _next(lead: Lead, followed: inquiry.FollowUp) -> str:
    at = followed.next_attempt_at
    if followed.held_because:
        held = in_short(lead.workspace, followed.held_because)
        return f"held: {held}" if at is None else f"held: {held}, {_short(at)}"
    if at is not None:
        return f"next {_short(at)}"
    if lead.unreached_at:
        return "not reached" if lead.workspace.is_voice else "no answer"
    return ""


def _short(moment) -> str:
    """Return a moment that is ahead, in the current time zone: `Thu 10:30`, later `3 Dec 10:30`."""
    local, today = timezone.localtime(moment), timezone.localdate()
    is_soon = 0 <= (local.date() - today).days <= A_WEEK
    return written(local, "D H:i" if is_soon else "j M H:i")
