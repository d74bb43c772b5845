"""A plain client of the model for the tests."""

import json
import uuid

import requests

AGENT_TOOLS = (
    *("updateLeadProfile", "listSlots", "bookConsult", "markUnqualified", "escalateToHuman"),
    *("optOut", "endConversation"),
)
OPENER = {"role": "assistant", "content": "Hi Jane, you asked us about rowing."}


def tool(name, **parameters):
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


class Client:
    """Speaks to the sandbox with a key of its own."""

    def __init__(self, sandbox):
        self.base_url, self.key = sandbox.base_url, f"sk-{uuid.uuid4()}"

    def request(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.key}"}
        options = {"timeout": 5, "headers": headers, **options}
        return requests.request(method, self.base_url + path, **options)

    def post(self, messages, *, tools=AGENT_TOOLS, **wanted):
        """POST chat/completions. tools: names, or tools as the wire has them."""
        listed = [tool(one) if isinstance(one, str) else one for one in tools]
        body = {"model": "gpt-4o", "messages": messages, **({"tools": listed} if listed else {})}
        timeout = wanted.pop("timeout", 5)
        return self.request(
            "POST", "/v1/chat/completions", json={**body, **wanted}, timeout=timeout
        )

    def ask(self, *texts, **wanted):
        """What the model answers to a lead that wrote this after the opener."""
        asked = [{"role": "user", "content": text} for text in texts]
        return self.post([OPENER, *asked], **wanted)

    def choice(self, *texts, **wanted):
        return self.ask(*texts, **wanted).json()["choices"][0]


class Talk:
    """A conversation: what is said and used, turn by turn. results: what each tool answers."""

    def __init__(self, client, *, system="You write with a lead.", **results):
        self.client, self.results, self.used = client, results, []
        self.messages = [{"role": "system", "content": system}, OPENER]

    def say(self, text):
        """The lead writes; what the agent says at last."""
        self.messages.append({"role": "user", "content": text})
        self.used = []
        for _ in range(9):
            said = self.client.post(self.messages).json()["choices"][0]["message"]
            self.messages.append({"role": "assistant", **said})
            if not said.get("tool_calls"):
                return said["content"]
            for call in said["tool_calls"]:
                self._answer(call)
        raise AssertionError("it never came to an end")

    def _answer(self, call):
        name = call["function"]["name"]
        self.used.append((name, json.loads(call["function"]["arguments"])))
        content = self.results.get(name, "Noted.")
        self.messages.append({"role": "tool", "tool_call_id": call["id"], "content": content})
