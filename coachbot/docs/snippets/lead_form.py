"""Takes a form on your site and sends it to Coachbot. Needs: pip install requests

COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.
"""

import json
import os
import time
import unicodedata
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import requests

URL = os.environ["COACHBOT_URL"].rstrip("/") + "/api/public/leads"
KEY = os.environ["COACHBOT_API_KEY"]
ATTEMPTS, PATIENCE = 3, 20  # how often, and for how many seconds in all


def visible(text: str) -> str:
    """Return what was typed, without the invisible characters that pasting brings along."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def submit_lead(form: dict) -> tuple[int, dict]:
    """Send a form's fields. Return the status and the JSON for your page."""
    lead = {
        "name": form.get("name", ""),
        "phone": visible(form.get("phone", "")),
        "email": form.get("email", ""),
        "goal": form.get("goal", ""),
        "consent": form.get("consent") in ("on", "true", "yes"),
    }
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": str(uuid.uuid4())}
    end = time.monotonic() + PATIENCE
    for attempt in range(ATTEMPTS):
        try:
            answer = requests.post(URL, json=lead, headers=headers, timeout=20)
            status, body = answer.status_code, answer.json()
        except (requests.RequestException, ValueError):
            answer, status, body = None, 0, {}
        if status == 201 or body.get("error") == "duplicate_phone":
            # A duplicate is a success: the lead is there already.
            return 200, {"ok": True, "leadId": answer.headers["Location"].rsplit("/", 1)[1]}
        if status == 400:
            return 422, {"ok": False, "fields": messages(body)}
        may_pass = status in (0, 429) or status >= 500
        pause = 2**attempt
        if answer is not None:
            pause = int(answer.headers.get("Retry-After", pause))
        if not may_pass or attempt == ATTEMPTS - 1 or time.monotonic() + pause > end:
            print("Coachbot:", status, body)  # for your log, with what to keep and send later
            break
        time.sleep(pause)
    return 503, {"ok": False, "message": "Please try again later."}


def messages(body: dict) -> dict:
    """Return a message for each field of the form that has to be corrected."""
    if "issues" not in body:
        return {"consent": body["error"]}
    return {str(issue["path"][0]): issue["message"] for issue in body["issues"] if issue["path"]}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = submit_lead(dict(parse_qsl(form.decode())))
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
