"""Forms of webhooks: an endpoint, what of the deliveries is shown, and since when to send again."""

import uuid

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone

from workspaces.forms.pages import DayField
from workspaces.models import DeliveryState, EventType, WebhookEndpoint
from workspaces.models.webhook import LONGEST_URL
from workspaces.webhooks import endpoints


class EndpointForm(forms.Form):
    """Where to send, and what."""

    url = forms.CharField(
        max_length=LONGEST_URL,
        label="Address",
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/events"}),
        help_text="Of your system, n8n, Zapier or Make: https, and open to the internet.",
    )
    types = forms.MultipleChoiceField(
        choices=[(kind.value, f"{kind.label} ({kind.value})") for kind in endpoints.SUBSCRIBABLE],
        required=False,
        label="Events",
        widget=forms.CheckboxSelectMultiple,
        help_text="With none chosen it is told of all, also of those that are to come.",
    )


class EndpointChoice(forms.ModelChoiceField):
    """One of the endpoints of a workspace, by the beginning of its address."""

    def label_from_instance(self, obj):
        return obj.url[:60]


class DeliveryFilter(forms.Form):
    """What of the deliveries is shown. All of it is optional."""

    state = forms.ChoiceField(
        choices=[("", "Any state"), *DeliveryState.choices], required=False, label="State"
    )
    type = forms.ChoiceField(
        choices=[("", "Any event"), *((kind.value, kind.value) for kind in EventType)],
        required=False,
        label="Event",
    )
    endpoint = EndpointChoice(
        queryset=WebhookEndpoint.objects.none(),
        required=False,
        empty_label="Any endpoint",
        label="Endpoint",
    )
    since = DayField(label="From")
    until = DayField(label="To")
    about = forms.CharField(
        required=False,
        max_length=128,
        label="Lead, request or webhook id",
        widget=forms.TextInput(attrs={"placeholder": "Paste an id"}),
    )

    def __init__(self, data, *, workspace):
        super().__init__(data)
        self.fields["endpoint"].queryset = workspace.webhook_endpoints.order_by("pk")  # type: ignore[attr-defined]

    def clean_about(self):
        return self.cleaned_data["about"].strip()

    @property
    def about_id(self) -> uuid.UUID | None:
        """Return the id looked for where it is a lead's, or that of an event."""
        try:
            return uuid.UUID(self.cleaned_data.get("about", "").removeprefix("msg_"))
        except ValueError:
            return None


class SendAgainForm(forms.Form):
    """Since when everything is sent again."""

    since = forms.DateTimeField(
        label="Since",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text="In the time zone of this page. Events are kept for 30 days.",
    )

    def __init__(self, *data):
        super().__init__(*data)
        # At each showing: a form of a class knows no other now than that of its import.
        self.fields["since"].validators.append(
            MaxValueValidator(timezone.now, "Choose a moment that has been.")
        )
