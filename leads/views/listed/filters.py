"""Forms of the leads pages."""

from django import forms
from django.http import QueryDict
from django.utils import timezone

from coachbot.http.pages.paging import PASSING
from leads.models import ClosedAs, LastOutcome, LeadStatus
from leads.models.source import LONGEST
from leads.reading.listed import sources
from leads.reading.listed.days import Span, days_of
from leads.reading.listed.sorting import Sort
from leads.reading.listed.tabs import Tab
from leads.reading.lists import (
    CLOSED,
    CONTACTED,
    NEVER,
    OPEN,
    REACHED,
    WITHOUT_TESTS,
    next_choices,
)
from leads.views.choices import owner_choices, set_choices
from workspaces.forms.pages import DaysForm
from workspaces.models import Membership

# What of an address of the list is no filter: ticked leads, and what was done with them.
OTHERS = (*PASSING, "lead", "all")


class LeadFilter(DaysForm):
    """Which leads are shown, and how they are sorted. All of it is optional."""

    tab = forms.ChoiceField(choices=Tab.choices, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False,
        max_length=120,
        label="Search",
        widget=forms.SearchInput(attrs={"placeholder": "Name, phone or e-mail"}),
    )
    sort = forms.ChoiceField(choices=Sort.choices, required=False, label="Sort by")
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
    outcome = forms.ChoiceField(
        choices=[("", "Anything"), *LastOutcome.choices, (NEVER, "Not called yet")],
        required=False,
        label="Last call",
    )
    contact = forms.ChoiceField(required=False, label="Contact")
    next = forms.ChoiceField(required=False, label="Next")
    source = forms.CharField(
        required=False, max_length=LONGEST, strip=False, label="Source", widget=forms.Select
    )
    when = forms.ChoiceField(
        choices=[("", "Any day"), *Span.choices], required=False, label="Received"
    )
    tests = forms.ChoiceField(
        choices=[("", "With tests"), (WITHOUT_TESTS, "Without tests")],
        required=False,
        label="Members' own numbers",
    )
    # What the folded part of the form has.
    FOLDED = (
        *("status", "owner", "end", "outcome", "contact", "next", "source"),
        *("when", "since", "until", "tests"),
    )
    field_order = ("tab", "text", "sort", *FOLDED)

    def __init__(self, *args, membership: Membership, **options):
        super().__init__(*args, **options)
        members = membership.workspace.memberships.select_related("user").order_by("user__email")
        owners = owner_choices(list(members), membership)
        set_choices(self, "owner", [("", "Anybody"), *owners])
        set_choices(self, "next", [("", "Anything"), *next_choices(membership.workspace)])
        is_voice = membership.workspace.is_voice
        contacts = [(CONTACTED, "Called" if is_voice else "Written to"), (REACHED, "Reached")]
        set_choices(self, "contact", [("", "Any or none"), *contacts])
        if not is_voice:
            del self.fields["outcome"]  # of calls
        chosen = self.data.get("source", "")
        known = {*sources.recent(membership.workspace), *filter(None, [chosen])}
        self.fields["source"].widget.choices = [
            ("", "Any source"),
            *((name, name) for name in sorted(known)),
        ]

    def clean(self):
        cleaned = super().clean()
        when = cleaned.pop("when", "")
        if when and when != Span.CUSTOM:
            cleaned["since"], cleaned["until"] = days_of(Span(when), timezone.localdate())
        return cleaned

    @property
    def is_set(self) -> bool:
        """Return whether anything but a tab and an order is asked for."""
        return self.is_valid() and any(
            value for name, value in self.cleaned_data.items() if name not in ("tab", "sort")
        )

    @property
    def folded(self) -> list[forms.BoundField]:
        """Return the fields that are folded away while none of them is used."""
        return [self[name] for name in self.FOLDED if name in self.fields]

    @property
    def number_folded(self) -> int:
        """Return how many of them are used, or filled in wrongly."""
        return sum(bool(self.data.get(field.name) or field.errors) for field in self.folded)

    @property
    def chosen_tab(self) -> str:
        return self.data.get("tab") or Tab.ALL.value

    @property
    def chosen_sort(self) -> str:
        """Return what is sorted by; "" where that cannot be read."""
        return self.cleaned_data.get("sort", "") if self.is_valid() else ""


def list_query(data: QueryDict) -> QueryDict:
    """Return what of an address says which list it is: tab, filters and order, but no page."""
    query = data.copy()
    for name in OTHERS:
        query.pop(name, None)
    for name, value in list(query.items()):
        if not value:
            del query[name]
    query.setdefault("tab", Tab.ALL.value)
    return query
