"""Cal.com: the calendar that the agent offers times of, and books in."""

from django import forms

from coachbot.providers.calcom.account import verify_account
from coachbot.providers.calcom.client import Account
from coachbot.zones import validate_zone
from workspaces.connections import calcom_events
from workspaces.connections.connection import Connection, Words
from workspaces.connections.forms.account_form import AccountForm, SecretField
from workspaces.models import CredentialKind


class CalcomForm(AccountForm):
    """The Cal.com account."""

    prefix = "calcom"

    api_key = SecretField(label="API key", missing="Enter an API key of the Cal.com account.")
    event_type_id = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        label="Event type id",
        help_text="The number in the address of the event type: app.cal.com/event-types/<id>.",
    )
    time_zone = forms.CharField(
        max_length=60,
        label="Time zone",
        initial="Europe/London",
        validators=[validate_zone],
        help_text="The zone in which the agent says times, such as Europe/London.",
    )


CALCOM = Connection(
    kind=CredentialKind.CALCOM,
    account_type=Account,
    form=CalcomForm,
    verify=verify_account,
    words=Words(
        title="Cal.com",
        purpose="The agent offers its free times and books one. Without it, leads who want an "
        "appointment wait for a person.",
        dashboard_url="https://app.cal.com",
        save="Save the calendar",
        saved="The Cal.com account is saved.",
        verify="Verify the calendar",
        verify_note="Asks Cal.com whether the stored key, event type and time zone work together.",
        without="Nothing is booked any more, and Cal.com is told to report no longer. Appointments "
        "that stand are not cancelled, and nobody notices when they move.",
    ),
    bring_about=calcom_events.bring_about,
    standing=calcom_events.findings,
    own_secrets=(CredentialKind.CALCOM_EVENTS,),
)
