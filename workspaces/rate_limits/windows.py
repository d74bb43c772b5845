"""Rate limits: a key's windows, an address's failed keys, attempts to sign in, forms.

Alone in knowing the rate-limit package. Its windows are fixed: they end at a time that
is computed from the clock and the key, so Retry-After is exact. A counter that cannot be
reached raises (redis.exceptions.RedisError): limiting fails closed.
"""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.cache import caches
from django_ratelimit.core import get_usage

from coachbot.configuration import environment
from coachbot.observability import metrics
from coachbot.visible import folded
from workspaces.rate_limits import counters

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
HOUR = 3600
RATE = re.compile(r"([1-9]\d{0,8})/((?:[1-9]\d{0,3})?)([smhd])", re.ASCII)
SINGLE_RATES = (
    "FAILED_KEY_RATE_LIMIT",
    "SIGN_IN_RATE_LIMIT",
    "SIGN_IN_ACCOUNT_RATE_LIMIT",
    "SIGN_IN_ADDRESS_RATE_LIMIT",
    "PASSWORD_MAIL_RATE_LIMIT",
    "PASSWORD_MAIL_ADDRESS_RATE_LIMIT",
    "INVITATION_RATE_LIMIT",
    "INVITATION_RECIPIENT_RATE_LIMIT",
    "FORM_WORKSPACE_RATE_LIMIT",
    "TRY_AGENT_RATE_LIMIT",
)
SEVERAL_RATES = (
    *("PUBLIC_API_RATE_LIMITS", "PUBLIC_API_READ_LIMITS"),
    *("FORM_RATE_LIMITS", "INTAKE_RATE_LIMITS"),
)


@dataclass(frozen=True)
class Window:
    """One window after this request: how long it is, what it allows, what is used."""

    period: int
    limit: int
    count: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        return self.count > self.limit

    @property
    def is_full(self) -> bool:
        return self.count >= self.limit

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.count)

    @property
    def reopens_in(self) -> int:
        # The package's window includes its last second.
        return max(1, self.seconds_left + 1)


@dataclass(frozen=True)
class RateLimited(Exception):
    """A window is full. A request passes again after `retry_after` whole seconds."""

    retry_after: int
    is_hourly: bool
    windows: tuple[Window, ...]

    @property
    def minutes(self) -> int:
        return -(-self.retry_after // 60)


def count_key_request(key_id: int, *, is_read: bool = False) -> list[Window]:
    """Count a request of an API key in all its windows, shortest first, and return them.

    Reads have windows of their own where PUBLIC_API_READ_LIMITS says of which. A request that one
    window refuses is not counted in longer ones. Raises RateLimited.
    """
    if is_read and settings.PUBLIC_API_READ_LIMITS:
        return _count("api_key_reads", str(key_id), settings.PUBLIC_API_READ_LIMITS)
    return _count("api_key", str(key_id), settings.PUBLIC_API_RATE_LIMITS)


def count_intake_request(address_id: object) -> list[Window]:
    """Count a request at the address of a form, as count_key_request() does. Raises RateLimited."""
    return _count("intake", str(address_id), settings.INTAKE_RATE_LIMITS)


def count_failed_key(address: str | None) -> None:
    """Count a failed authentication from an address. Raises RateLimited."""
    _count("failed_key", _network(address), [settings.FAILED_KEY_RATE_LIMIT])


def count_sign_in(email: str, address: str | None, browser: str = "") -> None:
    """Count an attempt to sign in, before the password is looked at. Raises RateLimited.

    browser: the id of one that has signed in to this account before. It has attempts of its own,
    which nobody else can use up. For all others an account's attempts are counted for each network
    that they come from, so that one network cannot keep the owner out of theirs; those of all
    networks together have a limit too, far above. Accounts need not exist: nobody can tell.
    """
    account = folded(email)
    if browser:
        _count("sign_in_browser", f"{account} {browser}", [settings.SIGN_IN_RATE_LIMIT])
        return
    network = _network(address)
    _count("sign_in_address", network, [settings.SIGN_IN_ADDRESS_RATE_LIMIT])
    _count("sign_in", f"{account} {network}", [settings.SIGN_IN_RATE_LIMIT])
    _count("sign_in_account", account, [settings.SIGN_IN_ACCOUNT_RATE_LIMIT])


def count_password_mail(email: str, address: str | None) -> None:
    """Count a request for a mail that sets a new password. Raises RateLimited.

    Whoever uses up an account's mails has had as many links sent to its owner, who gets in by one.
    """
    network = _network(address)
    _count("password_mail_address", network, [settings.PASSWORD_MAIL_ADDRESS_RATE_LIMIT])
    _count("password_mail", folded(email), [settings.PASSWORD_MAIL_RATE_LIMIT])


def count_invitation(workspace_id: int, inviter_id: int, email: str) -> None:
    """Count an invitation: of its workspace, of who sends it, to whom. Raises RateLimited."""
    rate = [settings.INVITATION_RATE_LIMIT]
    _count("invitation_workspace", str(workspace_id), rate)
    _count("invitation_member", str(inviter_id), rate)
    _count("invitation_recipient", folded(email), [settings.INVITATION_RECIPIENT_RATE_LIMIT])


def count_tried_agent(workspace_id: int, member_id: int) -> None:
    """Count what a member writes to an agent that is tried out. Raises RateLimited."""
    _count("try_agent", f"{workspace_id}:{member_id}", [settings.TRY_AGENT_RATE_LIMIT])


def count_form(workspace_id: int, address: str | None) -> None:
    """Count a form that is about to be taken in: of who sent it, and of its workspace.

    What an address may not send does not use up anything of the workspace's. Raises RateLimited.
    """
    _count("form_address", _network(address), settings.FORM_RATE_LIMITS)
    _count("form_workspace", str(workspace_id), [settings.FORM_WORKSPACE_RATE_LIMIT])


def _network(address: str | None) -> str:
    """Return what counts as one: whoever has an IPv6 address has its whole /64.

    All whose address is not known are one.
    """
    if address is None:
        return "unknown"
    length = 64 if ":" in address else 32
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _count(group: str, value: str, rates: list[str]) -> list[Window]:
    opened = [_open_window(group, value, rate) for rate in _shortest_first(tuple(rates))]
    counts = counters.count([counter for counter, *_ in opened])
    windows = [
        Window(period, counter.limit, count, seconds_left)
        for (counter, period, seconds_left), count in zip(opened, counts, strict=True)
    ]
    if any(window.is_over for window in windows):
        metrics.LIMITER_REFUSALS.labels(group).inc()
        full = [window for window in windows if window.is_full]
        raise RateLimited(
            retry_after=max(window.reopens_in for window in full),
            is_hourly=full[-1].period >= HOUR,
            windows=tuple(windows),
        )
    return windows


def _open_window(
    group: str, value: str, rate: tuple[int, int]
) -> tuple[counters.Counter, int, int]:
    """Return the counter of the window that a rate has just now, its period and what is left."""
    limit, period = rate
    usage = get_usage(None, group=group, key=lambda *_: value, rate=rate, increment=True)
    key, lifetime = cast(counters.NamingCache, caches[settings.RATELIMIT_USE_CACHE]).added
    return counters.Counter(key, limit, lifetime), period, usage["time_left"]


@lru_cache
def _shortest_first(rates: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return what each rate such as `5/m` or `20/10s` allows, and its seconds."""
    return sorted(map(_read_rate, rates), key=lambda rate: rate[1])


def _read_rate(rate: str) -> tuple[int, int]:
    found = RATE.fullmatch(rate)
    if found is None:
        raise ValueError(f"{rate!r} is no rate.")
    limit, multiple, unit = found.groups()
    return int(limit), int(multiple or 1) * PERIODS[unit]


def check_rates() -> None:
    """Raise ImproperlyConfigured where a rate limit of the settings cannot be read."""
    for name in SINGLE_RATES:
        _check_rate(name, getattr(settings, name))
    for name in SEVERAL_RATES:
        for rate in getattr(settings, name):
            _check_rate(name, rate)


def _check_rate(name: str, rate: str) -> None:
    if not RATE.fullmatch(rate):
        raise environment.unreadable(
            name, "a count, a slash and a period, such as 5/m, 20/10s or 100/h"
        )
