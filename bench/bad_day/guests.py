"""Who else comes by: forgetful people, slow readers, assistants with tools, sites that read."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

from bench.bad_day.deployment import Deployment
from bench.bad_day.record import NO_ANSWER
from bench.bad_day.traffic import TIMEOUT, Client, Leads, request_id_of
from tests import vapi_messages
from tests.dashboard import CSRF_TOKEN, session_key
from tests.factories import make_user
from workspaces.connections import own_secrets

FORGETFUL, READERS, TOOL_CALLS = 8, 16, 70  # at once
BYTES_A_SECOND = 20_000
READS_A_SECOND = 2


@contextmanager
def at_work(guest: Callable[[threading.Event], None], number: int) -> Iterator[None]:
    """Let so many guests do their thing again and again. They leave when this ends."""
    leaving = threading.Event()

    def come_by() -> None:
        while not leaving.is_set():
            guest(leaving)

    threads = [threading.Thread(target=come_by, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        leaving.set()
        for thread in threads:
            thread.join(TIMEOUT)


def forget_password(day: Deployment) -> Callable[[threading.Event], None]:
    """Ask for a link to set a new password, all for one account."""
    email = make_user(day.cast.workspace).email
    client = Client(day.front, day.record, Origin=day.front.base_url)
    client.session.headers.update({"X-CSRFToken": CSRF_TOKEN, "Cookie": f"csrftoken={CSRF_TOKEN}"})

    def forget(leaving: threading.Event) -> None:
        client.ask("mail", "POST", "/password/forgotten", data={"email": email})
        leaving.wait(1)

    return forget


def read_slowly(day: Deployment) -> Callable[[threading.Event], None]:
    """Take an export of many leads, very slowly. What is measured is the wait for its begin."""
    client = Client(day.front, day.record)
    cookie = f"sessionid={session_key(make_user(day.archive))}"
    url = f"{day.front.base_url}/admin/{day.archive.slug}/leads/export"

    def read(leaving: threading.Event) -> None:
        begin = time.monotonic()
        try:
            response = client.session.get(
                url, headers={"Cookie": cookie}, stream=True, timeout=TIMEOUT
            )
        except requests.RequestException:
            day.record.add("export", NO_ANSWER, time.monotonic() - begin)
            return
        took = time.monotonic() - begin
        day.record.add("export", response.status_code, took, request_id_of(response))
        with response:
            _take(response, leaving)
        leaving.wait(1)

    return read


def _take(response: requests.Response, leaving: threading.Event) -> None:
    try:
        for _ in response.iter_content(BYTES_A_SECOND):
            if leaving.wait(1):
                return
    except requests.RequestException:
        return  # the server ended it: it may


def ask_for_slots(day: Deployment) -> Callable[[threading.Event], None]:
    """Ask, in a call, for free times, as the assistant does."""
    call = day.cast.placed()[-1]
    secret = own_secrets.tool_secret(day.cast.workspace)
    client = Client(day.front, day.record, Authorization=f"Bearer {secret}")
    path = f"/api/vapi/{day.cast.workspace.slug}/events"

    def ask(leaving: threading.Event) -> None:
        message = vapi_messages.tool_calls(call, vapi_messages.item("listSlots", {}))
        client.ask("tool", "POST", path, json={"message": message})
        leaving.wait(1)

    return ask


def read_leads(client: Client, leads: Leads) -> Callable[[threading.Event], None]:
    """Read a lead that got a 201."""

    def read(leaving: threading.Event) -> None:
        if leads.accepted:
            lead_id = random.choice(leads.accepted[-200:])
            client.ask("read", "GET", f"/api/public/leads/{lead_id}")
        leaving.wait(1 / READS_A_SECOND)

    return read
