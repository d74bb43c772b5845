"""An appointment of a lead at the Cal.com that the sandbox plays, and what is done there."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.utils import timezone

from coachbot.providers.calcom import client as calcom
from leads.appointments import hints, sweep
from leads.models import Booking, CalendarSweep, Lead
from tests.factories import make_lead
from workspaces.connections import credentials, own_secrets
from workspaces.models import Workspace

ZONE = "Europe/London"


@dataclass
class Side:
    """Cal.com's side of a workspace. told: the events that its deeds gave rise to."""

    workspace: object
    account: calcom.Account
    sandbox: object
    base_url: str
    told: list[dict] = field(default_factory=list)

    @property
    def calcom(self):
        return self.sandbox.providers["calcom"]

    def booked(self, lead: Lead, *, status="accepted", days=3) -> Booking:
        """Make an appointment of a lead that both sides know."""
        row = Booking(lead=lead, lease_until=timezone.now(), status="open")
        row.start = self.free(days)
        body = self.book(lead, request_id=str(row.pk), start=row.start, status=status)
        row.uid, row.status = body["uid"], "made" if status == "accepted" else "requested"
        row.ical_uid, row.look_at = body["icsUid"], timezone.now() + timedelta(days=1)
        row.save(force_insert=True)
        Lead.objects.filter(pk=lead.pk).update(
            status="booked",
            status_reason="appointment_made",
            booking_uid=row.uid,
            booking_start=row.start,
        )
        return row

    def book(self, lead=None, *, request_id="", start=None, status="accepted", **metadata) -> dict:
        """Make an appointment at Cal.com alone, as by hand. Return its body."""
        named = {"requestId": request_id, "leadId": str(lead.pk)} if lead else {}
        wanted = {
            "eventTypeId": self.account.event_type_id,
            "attendee": {"name": "Jane", "email": "jane@acme.com", "timeZone": ZONE},
            "metadata": {**named, **metadata},
        }
        key = self.account.api_key
        body = self.calcom.calendar.book(key, wanted, start or self.free(5), status=status)
        with self.listening():
            self.calcom.deeds.made(key, body)
        return body

    def free(self, days: int) -> datetime:
        """Return the start of a free slot, that many days ahead."""
        begin = timezone.now() + timedelta(days=days)
        key = self.account.api_key
        return self.calcom.calendar.free(key, begin, begin + timedelta(days=5))[0].astimezone(UTC)

    def do(self, deed: str, uid: str, **said) -> dict:
        """Let somebody do something with a booking at Cal.com. Return its body."""
        with self.listening():
            return self.calcom.deeds.do(deed, self.account.api_key, uid, said)

    def listening(self):
        return _Listening(self)

    def post(self, event=None, *, body=b"", secret=None, headers=None) -> requests.Response:
        """Post an event as Cal.com does. secret: in place of the right one."""
        body = body or json.dumps(event).encode()
        right = own_secrets.calcom_secret(self.workspace) if secret is None else secret
        signed = hmac.new(right.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Cal-Signature-256": signed} if headers is None else headers
        url = f"{self.base_url}/api/calcom/{self.workspace.slug}/events"
        return requests.post(url, body, headers=headers, timeout=30)

    def sweep(self) -> None:
        """Do what the worker does of its own accord, an hour later."""
        Booking.objects.filter(lead__workspace=self.workspace).update(look_at=timezone.now())
        CalendarSweep.objects.filter(workspace=self.workspace).delete()
        # Those of other tests have accounts that fail, and three of these end a round.
        later = {"read_to": timezone.now(), "due_at": timezone.now() + timedelta(hours=1)}
        others = Workspace.objects.filter(calendar_sweep=None).exclude(pk=self.workspace.pk)
        CalendarSweep.objects.update(**later)
        CalendarSweep.objects.bulk_create(
            (CalendarSweep(workspace=other, **later) for other in others), ignore_conflicts=True
        )
        sweep.look_at_due()
        sweep.read_changes()
        hints.settle()


class _Listening:
    def __init__(self, side):
        self.side = side

    def __enter__(self):
        self.before = len(self.side.calcom.teller.told)

    def __exit__(self, *exception):
        self.side.told += self.side.calcom.teller.told[self.before :]


@pytest.fixture
def side(web, cast, settings):
    """Return a function that connects a calendar; the event type's digits choose what it does."""
    settings.CALCOM_BASE_URL = f"{cast.sandbox.base_url}/v2"
    settings.PUBLIC_BASE_URL = web.base_url

    def connect(digits="00", workspace=None):
        key = f"cal_sandbox_{secrets.token_hex(8)}"
        account = calcom.Account(key, int(f"1234{digits}"), ZONE)
        workspace = workspace or cast.workspace
        credentials.connect_calcom(workspace, account)
        own_secrets.calcom_secret(workspace)
        return Side(workspace, account, cast.sandbox, web.base_url)

    return connect


@pytest.fixture
def lead(cast) -> Lead:
    """A lead of the cast without a call."""
    return make_lead(cast.workspace, email="jane@acme.com", status="in_conversation")


def state_of(lead: Lead) -> tuple:
    """Return where a lead and its appointment stand by now."""
    lead.refresh_from_db()
    row = Booking.objects.get(lead=lead)
    return row.status, row.uid, lead.status, lead.booking_uid, lead.booking_start
