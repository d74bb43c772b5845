"""The workspaces of `make run`: one that calls, one that writes by WhatsApp, and one owner."""

from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from coachbot.providers.openai import client as openai
from coachbot.providers.twilio.asking import Account as TwilioAccount
from coachbot.providers.vapi import client as vapi
from workspaces import api_keys
from workspaces.connections import credentials
from workspaces.models import ApiKey, Channel, CredentialKind, Persona, User, Workspace
from workspaces.settings import onboarding

SLUG = "demo"
WHATSAPP_SLUG = "demo-whatsapp"
EMAIL = "demo@example.com"
PASSWORD = "coachbot-demo"
KEY_NAME = "make run"
# The sandbox takes any key that starts with `sandbox-`, and any UUID for the two ids.
VAPI = vapi.Account(
    api_key="sandbox-demo",
    assistant_id="5c1e8a50-6a3e-4c83-9a55-5f6c0c2b7d01",
    phone_number_id="8d0c2f4e-91b7-4f0c-8a1d-3f7a2e6b9c02",
)
CALENDAR = calcom.Account(api_key="cal_sandbox-demo", event_type_id=100, time_zone="Europe/London")
WRITTEN_CALENDAR = calcom.Account(
    api_key="cal_sandbox-demo-whatsapp", event_type_id=100, time_zone="Europe/London"
)
# ... and any SID, token and template; the sender is the one that it gives to this account.
TWILIO = TwilioAccount(
    account_sid="AC5c1e8a506a3e4c839a555f6c0c2b7d03",
    auth_token="sandbox-demo-whatsapp",
    from_="whatsapp:+15551539475",
    opener_content_sid="HX8d0c2f4e91b74f0c8a1d3f7a2e6b9c04",
    follow_up_content_sid="HX8d0c2f4e91b74f0c8a1d3f7a2e6b9c05",
)
MODEL = openai.Account(api_key="sk-sandbox-demo")
PERSONA = {
    "name": "Robin",
    "role": "assistant of the gym",
    "tone": "friendly and brief",
    "offer": "Personal training in London. A first consult of 30 minutes is free; ten sessions "
    "cost £450.",
    "questions": "How often do you train now?\nOn which days and at what time would it suit you?",
    "never_say": "Medical advice; discounts.",
}


def calling() -> Workspace:
    """Return the workspace that calls, made with its owner if there is none."""
    workspace = Workspace.objects.filter(slug=SLUG).first()
    if workspace:
        return workspace
    workspace = _make(SLUG, "Demo Studio", Channel.VOICE)
    credentials.connect_vapi(workspace, VAPI)
    credentials.connect_calcom(workspace, CALENDAR)
    return workspace


def writing() -> Workspace:
    """Return the workspace that writes by WhatsApp, made with the same owner if there is none."""
    workspace = Workspace.objects.filter(slug=WHATSAPP_SLUG).first()
    if workspace:
        return workspace
    workspace = _make(WHATSAPP_SLUG, "Demo Gym", Channel.WHATSAPP)
    kinds = CredentialKind
    credentials.store_account(workspace, kinds.TWILIO, TWILIO, secret="auth_token")
    credentials.store_account(workspace, kinds.OPENAI, MODEL)
    credentials.connect_calcom(workspace, WRITTEN_CALENDAR)
    Persona.objects.create(workspace=workspace, **PERSONA)
    return workspace


def _make(slug: str, name: str, channel: Channel) -> Workspace:
    workspace, owner = onboarding.create_workspace(
        slug=slug, name=name, channel=channel, owner_email=EMAIL
    )
    if owner:
        owner.set_password(PASSWORD)
        owner.save(update_fields=["password"])
    return workspace


def new_key(workspace: Workspace) -> str:
    """Return a fresh API key. Those of earlier runs that nobody used are revoked."""
    unused = ApiKey.objects.filter(workspace=workspace, name=KEY_NAME, last_used_at=None)
    unused.filter(revoked_at=None).update(revoked_at=timezone.now())
    creator = User.objects.filter(email=EMAIL).first()
    return api_keys.issue_key(workspace=workspace, name=KEY_NAME, created_by=creator)[1]
