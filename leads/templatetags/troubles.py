"""What every page of a workspace says of the things that keep the agent from its work."""

from django import template

from leads.reading.troubles import found

register = template.Library()


@register.inclusion_tag("leads/_trouble_notice.html", takes_context=True)
def trouble_notice(context):
    """Say how many there are, and where they are explained; nothing where there are none."""
    request = context["request"]
    return {"count": found.count(request.workspace), "slug": request.workspace.slug}
