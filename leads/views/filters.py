"""Forms of the leads pages."""

from django import forms

from leads.models import ClosedAs, LeadStatus
from leads.reading.lists import CLOSED, OPEN, next_choices
from leads.views.lead.work_forms import owner_choices, set_choices
from workspaces.forms.pages import DayField
from workspaces.models import Membership


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
    owner = forms.ChoiceField(required=False, label="Belongs to")
    end = forms.ChoiceField(
        choices=[
            ("", "Open or closed"),
            (OPEN, "Open"),
            (CLOSED, "Closed"),
            *((end.value, f"Closed: {end.label.lower()}") for end in ClosedAs),
        ],
        required=False,
        label="Work",
    )
    next = forms.ChoiceField(required=False, label="Next")
    since = DayField(label="From")
    until = DayField(label="To")

    def __init__(self, *args, membership: Membership, **options):
        super().__init__(*args, **options)
        members = membership.workspace.memberships.select_related("user").order_by("user__email")
        owners = owner_choices(list(members), membership)
        set_choices(self, "owner", [("", "Anybody"), *owners])
        set_choices(self, "next", [("", "Anything"), *next_choices(membership.workspace)])
