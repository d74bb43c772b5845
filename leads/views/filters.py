"""Forms of the leads pages."""

from django import forms

from leads.models import LeadStatus
from workspaces.forms.pages import DayField


class LeadFilter(forms.Form):
    """Which leads are shown. All of it is optional."""

    text = forms.CharField(
        required=False,
        max_length=120,
        label="Search",
        widget=forms.SearchInput(attrs={"placeholder": "Name, phone or e-mail"}),
    )
    status = forms.ChoiceField(
        choices=[("", "Any status"), *LeadStatus.choices], required=False, label="Status"
    )
    since = DayField(label="From")
    until = DayField(label="To")
