"""Asking Cal.com's API v2 with a workspace's account. What is asked is for the modules beside it.

docs/providers/calcom.md (section 1) has the facts this relies on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from coachbot.providers.calcom.errors import CAUSES
from coachbot.providers.exchange import Answer, Request
from coachbot.providers.reading import fields
from coachbot.providers.transport import Door

# Chosen per endpoint; a wrong one silently reaches another API.
SLOTS_VERSION = "2024-09-04"
BOOKINGS_VERSION = "2024-08-13"
EVENT_TYPES_VERSION = "2024-06-14"
LARGEST_PAGE = 100


@dataclass(frozen=True)
class Account:
    """A business's own Cal.com account and what is booked there. time_zone: IANA name."""

    api_key: str = field(repr=False)
    event_type_id: int
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def ask(
    door: Door,
    account: Account,
    operation: str,
    path: str,
    *,
    version: str,
    timeout: float,
    method: str = "GET",
    **options: Any,
) -> Mapping[str, Any]:
    """Return the object that Cal.com answers. operation: its code, such as `list_slots`.

    path: below the address of the API. options: of a transport.Request. Raises ProviderError.
    """
    request = Request(
        operation=f"calcom.{operation}",
        name=f"Cal.com {path}",
        action=f"Cal.com {method} {path}"[:120],
        method=method,
        url=f"{settings.CALCOM_BASE_URL}{path}",
        headers={"Authorization": f"Bearer {account.api_key}", "cal-api-version": version},
        classify=CAUSES.classify,
        **options,
    )
    return door.ask(request, timeout=timeout, read=_object)


def _object(answer: Answer) -> Mapping[str, Any]:
    return fields(answer.json())


def iso(moment: datetime) -> str:
    """Return a moment as Cal.com takes it: UTC with a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
