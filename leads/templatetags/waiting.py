"""What every page of the dashboard says of the leads that wait."""

from django import template

from leads.reading import waiting
from workspaces.models import Membership

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_count(context) -> int:
    """Return how many leads wait for the member who looks, or for nobody in particular.

    One query, unless the page has counted already.
    """
    counts = context.get("waiting_counts") or waiting.count(context["request"].membership)
    return counts.to_do


@register.simple_tag
def leads_of(membership: Membership) -> int:
    """Return how many leads belong to a member."""
    return membership.leads.count()
