"""Receives the events of Coachbot: verifies each, drops what came before, and answers at once.

pip install standardwebhooks
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

WEBHOOK = Webhook(os.environ["COACHBOT_WEBHOOK_SECRET"])  # whsec_...
LARGEST_BODY = 1024 * 1024
# In your system: a column with a unique constraint. An event comes at least once, not only once.
seen: set[str] = set()


def handle(event: dict) -> None:
    """Do what is to be done, or better: put it into a queue. Coachbot waits 15 seconds."""
    lead = event["data"].get("lead", {})
    print(event["type"], lead.get("id"), event["data"]["sequence"], flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(self.answer())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self) -> int:
        length = int(self.headers.get("Content-Length", 0))
        if length > LARGEST_BODY:
            return 413
        # The bytes as they came: JSON that is read and written again has another signature.
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            WEBHOOK.verify(body, headers)
        except Exception:  # not right, too old, or no signature at all
            return 401
        if headers["webhook-id"] not in seen:
            handle(json.loads(body))
            seen.add(headers["webhook-id"])  # after it is done: else a failure would lose it
        return 204

    def log_message(self, *arguments) -> None:
        """Print nothing but what handle() does."""


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
