"""A calendar for the workspace of the cast, and the assistant who uses it."""

import re
import secrets
from dataclasses import dataclass

import pytest

from coachbot.providers.calcom import client as calcom
from leads.models import Lead
from workspaces.connections import credentials

ZONE = "Europe/London"
JANE = {"name": "Jane Doe", "email": "Jane@Acme.COM", "phone": "+44 7700 900123", "notes": "Hi."}
STARTS = re.compile(r"\[([^]]+)\]")


@dataclass(frozen=True)
class CalendarSide:
    """The cast's account at the Cal.com that the sandbox plays."""

    account: calcom.Account
    sandbox: object

    def booked(self) -> list[dict]:
        """Return the bookings that Cal.com holds."""
        calendar = self.sandbox.providers["calcom"].calendar
        return [booked.body for booked in calendar.booked(self.account.api_key)]


@pytest.fixture
def calendar(cast):
    """Return a function that connects a calendar; the event type's digits choose what it does."""

    def connect(digits="00", zone=ZONE):
        key = f"cal_sandbox_{secrets.token_hex(8)}"
        account = calcom.Account(key, int(f"1234{digits}"), zone)
        credentials.connect_calcom(cast.workspace, account)
        return CalendarSide(account, cast.sandbox)

    return connect


@pytest.fixture
def offered(cast, reporter):
    """Return a function that calls listSlots; it returns the starts that the answer names."""

    def offer(**arguments):
        return STARTS.findall(reporter.ask(cast.placed()[0], "listSlots", arguments))

    return offer


@pytest.fixture
def book(cast, reporter):
    """Return a function that calls bookConsult for a start."""

    def ask(start, **arguments):
        return reporter.ask(cast.placed()[0], "bookConsult", {**JANE, "start": start, **arguments})

    return ask


def lead_of(lead_id) -> Lead:
    """Return a lead as it is in the database now."""
    return Lead.objects.get(pk=lead_id)
