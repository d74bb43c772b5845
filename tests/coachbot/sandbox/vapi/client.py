"""A plain Vapi client for the tests, what came of its calls, and what they wait with."""

import time
import uuid

import requests

ASSISTANT = "5c1e7a52-6c1b-4d0e-9b3f-2f1f5b1c7a10"
PHONE_NUMBER = "8d0c2f4e-0b7a-4f7e-8a55-0f2d3c9b7e10"
E164 = (
    "customer.number must be a valid phone number in the E.164 format. "
    "Hot tip, you may be missing the country code (Eg. US: +1)."
)


class Client:
    """Speaks to the sandbox with one key."""

    def __init__(self, base_url, *, key):
        self.base_url, self.key = base_url, key

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def request(self, method, path, **options):
        """One request; no redirects, two seconds, unless the options say otherwise."""
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        options = {"timeout": 2, "allow_redirects": False, **options}
        return requests.request(method, self.base_url + path, headers=headers, **options)

    def call(self, digits="99", *, timeout=2, **changes):
        """POST /call to a number that ends in these digits; `changes` replace top-level fields."""
        body = {**call_body(digits), **changes}
        return self.request("POST", "/call", json=body, timeout=timeout)

    def listed(self, **query):
        """The ids that GET /call shows."""
        return [call["id"] for call in self.get("/call", params=query).json()]


def make_client(sandbox):
    """A client with a new key, and so with an org of its own."""
    return Client(sandbox.base_url, key=f"sandbox-{uuid.uuid4()}")


def calls_of(sandbox, client):
    """The calls that the sandbox placed for a client, newest first."""
    return sandbox.providers["vapi"].placed(client.key)


def call_body(digits="99", **customer):
    return {
        "assistantId": ASSISTANT,
        "phoneNumberId": PHONE_NUMBER,
        "customer": {"number": f"+141555501{digits}", "name": "Sam Doe", **customer},
        "assistantOverrides": {
            "variableValues": {"name": "Sam"},
            "metadata": {"attempt": str(uuid.uuid4())},
        },
    }


def wait_until(condition, *, within=3.0):
    """Return as soon as the condition holds; fail if it does not in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
