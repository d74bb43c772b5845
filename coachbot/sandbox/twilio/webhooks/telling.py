"""Twilio's webhooks: who is posted what, how often, and what was answered."""

import http.client
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from coachbot.sandbox.clock import Clock
from coachbot.sandbox.twilio.memory import Account, new_sid
from coachbot.sandbox.twilio.settings import Signing
from coachbot.sandbox.twilio.webhooks import signing

FORM = "application/x-www-form-urlencoded"
# The whole budget of a webhook, its retries among it.
MOST_SECONDS = 15.0
UNREACHED = 0


@dataclass(frozen=True)
class Told:
    """One webhook: what was posted, and the status of the answer; 0 where none came."""

    account_sid: str
    url: str
    fields: Mapping[str, str]
    status: int
    at: datetime


class Teller:
    """Posts webhooks, and keeps them. told: every one of them, for pages and tests."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self.told: list[Told] = []

    def tell(
        self,
        account: Account,
        url: str,
        fields: Mapping[str, str],
        *,
        charset: str = "",
        signs: str = "",
    ) -> int:
        """Post one webhook; the status of the answer out. signs: how, if not as the account says.

        It is tried again as the connection overrides behind the URL's # say: else once more, and
        only where nobody took the connection.
        """
        if account.settings.extra:
            fields = {**fields, "NewFieldOfTwilio": "ünknown", "AnotherOne": ""}
        request = _request(account, url, fields, charset, signs or account.settings.signing)
        retries, reasons = _overrides(url)
        deadline = time.monotonic() + MOST_SECONDS
        status = _post(request, deadline)
        while retries and time.monotonic() < deadline and _is_tried_again(status, reasons):
            retries -= 1
            status = _post(request, deadline)
        self.told.append(Told(account.sid, url, fields, status, self._now()))
        return status


def _request(
    account: Account, url: str, fields: Mapping[str, str], charset: str, signs: str
) -> urllib.request.Request:
    address = url.partition("#")[0]
    headers = {
        "Content-Type": FORM + charset,
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": new_sid(""),
    }
    if signs != Signing.NONE:
        signed = signing.with_port(address) if signs == Signing.PORT else address
        token = account.token + ("x" if signs == Signing.WRONG else "")
        headers["X-Twilio-Signature"] = signing.sign(signed, fields.items(), token)
    body = urlencode(fields).encode()
    return urllib.request.Request(address, body, headers, method="POST")


def _overrides(url: str) -> tuple[int, set[str]]:
    """How often, and why, a webhook is posted again."""
    said = dict(parse_qsl(urlsplit(url).fragment))
    return int(said.get("rc", "1")), set(said.get("rp", "ct").split(","))


def _is_tried_again(status: int, reasons: set[str]) -> bool:
    fault = "ct" if status == UNREACHED else f"{status // 100}xx"
    return fault in {"ct", "4xx", "5xx"} and bool({fault, "all"} & reasons)


def _post(request: urllib.request.Request, deadline: float) -> int:
    try:
        seconds = max(0.1, deadline - time.monotonic())
        with urllib.request.urlopen(request, timeout=seconds) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, ValueError, http.client.HTTPException) as error:
        print(f"Twilio could not report to {request.full_url}: {error}", file=sys.stderr)
        return UNREACHED
