"""One played call: what is said and done in it, and the messages that tell of it (section 6)."""

import copy
import json
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from coachbot.sandbox.clock import Clock, iso
from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.vapi import catalog
from coachbot.sandbox.vapi.placed import Call

# What Vapi waits for a server by default.
TIMEOUT = 20.0
SERVER_MESSAGE = {"Content-Type": "application/json", "User-Agent": "Vapi-sandbox"}


class HungUp(Exception):
    """The call cannot go on: nobody listens, or the sandbox stops."""


class Line:
    """The line of one call. Each method is one thing that happens on it, in order."""

    def __init__(
        self,
        call: Call,
        listener: Listener,
        *,
        now: Clock,
        wait: Callable[[float], None],
        take_line: Callable[[Call], bool],
        server_of_tool: Callable[[str], Listener | None] = lambda name: None,
    ) -> None:
        # As captured: every message repeats the call as it was made, with its stale status.
        self._snapshot = copy.deepcopy(call.body)
        self._take_line = take_line
        self.is_inbound = call.body["type"] == "inboundPhoneCall"
        self._call, self._listener, self._now, self.wait = call, listener, now, wait
        self._server_of_tool = server_of_tool
        self._turns: list[dict[str, Any]] = []
        self._started = ""

    @property
    def email(self) -> str:
        """The address that the lead spells when asked for one."""
        return self._snapshot["customer"].get("email") or "lead@example.com"

    def await_line(self) -> None:
        """The call waits until it has a line. It is over where it was deleted meanwhile."""
        while not self._take_line(self._call):
            if self._call.is_deleted:
                raise HungUp
            self.wait(0.2)

    def end_untold(self, reason: str) -> None:
        """The call ends, and Vapi's message of it does not arrive."""
        moment = iso(self._now())
        self._call.body.update(status="ended", updatedAt=moment, endedAt=moment, endedReason=reason)

    def status(self, status: str, reason: str = "") -> None:
        """The call's status changes; `ended` has a reason."""
        moment = iso(self._now())
        self._call.body.update(status=status, updatedAt=moment)
        if status == "in-progress":
            self._started = moment
            self._call.body["startedAt"] = moment
        if status == "ended":
            self._call.body.update(endedAt=moment, endedReason=reason)
        ending = {"endedReason": reason} if reason else {}
        self._tell("status-update", status=status, **ending, artifact={"messages": self._turns})

    def bot(self, text: str) -> None:
        """The assistant speaks."""
        self._speak("bot", text)

    def user(self, text: str) -> None:
        """The person, or a machine, speaks."""
        self._speak("user", text)

    def tool(self, name: str, **arguments: Any) -> str:
        """The assistant uses a tool; what it gets to read."""
        call_id = f"call_{secrets.token_hex(6)}"
        function = {"name": name, "arguments": json.dumps(arguments)}
        asked = {"id": call_id, "type": "function", "function": function}
        server = self._server_of_tool(name) or self._listener
        answer = self._tell("tool-calls", server, toolCallList=[asked])
        results = answer.get("results") or [{}]
        return str(results[0].get("result", ""))

    def ask(self, kind: str) -> dict[str, Any]:
        """Vapi asks for something that it needs; what it is answered."""
        return self._tell(kind, artifact={"messages": self._turns})

    def variable(self, name: str) -> str:
        """What the assistant was told under a name; "" if nothing."""
        overrides = self._snapshot.get("assistantOverrides") or {}
        return str((overrides.get("variableValues") or {}).get(name) or "")

    def report(self, summary: str) -> None:
        """The call is over and Vapi has looked back at it."""
        self.wait(1)
        body = self._call.body
        url = f"https://storage.sandbox.invalid/{self._call.id}-mono.wav"
        artifact = {
            "transcript": self.transcript(),
            "messages": self._turns,
            "recordingUrl": url,
            "recording": {"mono": {"combinedUrl": url}},
        }
        told = {
            "endedReason": body["endedReason"],
            "startedAt": self._started or body["endedAt"],
            "endedAt": body["endedAt"],
            "cost": 0.0531,
            "analysis": {"summary": summary, "successEvaluation": "true"},
            "artifact": artifact,
        }
        body.update(told)
        self._tell("end-of-call-report", **told)

    def transcript(self) -> str:
        """What was said, as Vapi writes it down."""
        names = {"bot": "AI", "user": "User"}
        return "".join(f"{names[turn['role']]}: {turn['message']}\n" for turn in self._turns)

    def _speak(self, role: str, text: str) -> None:
        self.wait(0.4)
        now = self._now()
        turn = {
            "role": role,
            "message": text,
            "time": int(now.timestamp() * 1000),
            "secondsFromStart": round((now - self._call.created).total_seconds(), 3),
        }
        self._turns.append(turn)

    def _phone_number(self) -> dict[str, Any]:
        return {
            "id": self._snapshot.get("phoneNumberId"),
            "provider": "twilio",
            "number": catalog.NUMBER,
            "twilioAuthToken": catalog.TWILIO_TOKEN,
        }

    def _tell(self, kind: str, server: Listener | None = None, /, **fields: Any) -> dict[str, Any]:
        """Send one message. As Vapi does by default, nothing is sent twice."""
        server = server or self._listener
        message = {
            "timestamp": int(self._now().timestamp() * 1000),
            "type": kind,
            **fields,
            "call": self._snapshot,
            "customer": self._snapshot["customer"],
            "phoneNumber": self._phone_number(),
            "assistant": {"id": self._snapshot.get("assistantId"), "name": "Sandbox assistant"},
        }
        body = json.dumps({"message": message}).encode()
        headers = {**SERVER_MESSAGE, **server.headers}
        request = urllib.request.Request(server.url, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.loads(response.read() or b"{}")
        except (urllib.error.HTTPError, ValueError) as error:
            print(f"{kind} to {server.url}: {error}", file=sys.stderr, flush=True)
            return {}
        except OSError as error:
            print(f"{kind} to {server.url}: {error}", file=sys.stderr, flush=True)
            raise HungUp from error
