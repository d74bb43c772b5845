"""What the page of the Vapi account says of how the connection stands."""

from django import template

from leads.reading import vapi_health as reading

register = template.Library()


@register.inclusion_tag("leads/_vapi_health.html", takes_context=True)
def vapi_health(context):
    """Say in one line how key, assistant, number, events, lines and account stand."""
    return {"health": reading.health(context["request"].workspace)}
