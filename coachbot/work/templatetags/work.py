"""What pages say of the worker."""

from django import template

from coachbot.work import heartbeat

register = template.Library()


@register.inclusion_tag("_worker_away.html")
def worker_banner():
    """Say since when the worker is away; nothing while it is there. One query."""
    return {"away_since": heartbeat.away_since()}
