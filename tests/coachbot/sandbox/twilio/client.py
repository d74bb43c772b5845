"""A plain Twilio client for the tests, and an ear that hears its webhooks."""

import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import requests

from tests.coachbot.sandbox.vapi import client as vapi

SENDER = "whatsapp:+15551234567"
TEMPLATE = "HX" + "a" * 32
TOKEN = "a-token"


def wait_until(condition):
    """Return as soon as the condition holds; what is told comes from threads of the sandbox."""
    vapi.wait_until(condition, within=15)


@dataclass(frozen=True)
class Heard:
    """One webhook. fields: parsed, blank values among them."""

    path: str
    headers: dict
    fields: dict


@dataclass
class Ear:
    """Hears webhooks. answers: the statuses of the next answers, then 200."""

    url: str = ""
    heard: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    def statuses(self):
        """What was told of messages, in the order in which it came."""
        told = [one.fields for one in self.heard if "MessageStatus" in one.fields]
        return [(one["MessageStatus"], one.get("ErrorCode")) for one in told]

    def inbound(self):
        """The messages of leads, in the order in which they came."""
        return [one for one in self.heard if one.path.endswith("/inbound")]

    def bodies(self):
        return [one.fields["Body"] for one in self.inbound()]


class Server(ThreadingHTTPServer):
    """An ear with its address."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ear = Ear(f"http://127.0.0.1:{self.server_address[1]}/api/whatsapp/acme")
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {n: v[0] for n, v in parse_qs(body, keep_blank_values=True).items()}
        ear = self.server.ear
        ear.heard.append(Heard(self.path.partition("?")[0], dict(self.headers), fields))
        self.send_response(ear.answers.pop(0) if ear.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


class Client:
    """Speaks to the sandbox with an account of its own."""

    def __init__(self, sandbox, ear):
        self.sid, self.token = f"AC{secrets.token_hex(16)}", TOKEN
        self.base_url, self.twilio, self.ear = sandbox.base_url, sandbox.providers["twilio"], ear

    def request(self, method, path, **options):
        options = {"timeout": 3, "auth": (self.sid, self.token), **options}
        return requests.request(method, self.base_url + path, **options)

    def get(self, path, **query):
        return self.request("GET", f"/2010-04-01/Accounts/{self.sid}{path}", params=query)

    def send(self, digits="10", *, timeout=3, **fields):
        """POST Messages.json, by template unless there is a Body."""
        wanted = {
            "To": f"whatsapp:+447700900{digits:0>3}",
            "From": SENDER,
            "StatusCallback": f"{self.ear.url}/status?m=1",
            **fields,
        }
        if "Body" not in wanted:
            wanted |= {"ContentSid": TEMPLATE, "ContentVariables": '{"1": "Jane"}', **fields}
        path = f"/2010-04-01/Accounts/{self.sid}/Messages.json"
        given = {name: value for name, value in wanted.items() if value}
        return self.request("POST", path, data=given, timeout=timeout)

    def set(self, **settings):
        """Change what the account has set up."""
        return self.request("POST", "/sandbox/whatsapp", json=settings)

    def write(self, digits="10", **said):
        """Write as a lead."""
        wanted = {"from": f"+447700900{digits:0>3}", "to": SENDER, **said}
        return self.request("POST", "/sandbox/whatsapp/inbound", json=wanted, timeout=20)

    def settled(self, *statuses):
        """Wait until these were told, in this order; what came with them."""
        wait_until(lambda: len(self.ear.statuses()) >= len(statuses))
        assert [status for status, _ in self.ear.statuses()] == list(statuses)
        return [code for _, code in self.ear.statuses()]
