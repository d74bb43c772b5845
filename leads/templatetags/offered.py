"""What pages say of the leads that waited, and may be called now."""

from django import template

from leads.contact.planned import offered

register = template.Library()


@register.inclusion_tag("leads/_offered.html", takes_context=True)
def offered_leads(context, is_panel=True):
    """Offer to call them, choose, or leave them; nothing where nobody waited.

    is_panel: whether each offer is a panel of its own.
    """
    request = context["request"]
    return {
        "offers": list(offered.offers(request.workspace)),
        "is_panel": is_panel,
        "is_voice": request.workspace.is_voice,
        "slug": request.workspace.slug,
        "csrf_token": context.get("csrf_token"),
    }
