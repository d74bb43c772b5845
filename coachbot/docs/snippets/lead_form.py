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
    """Drop what cannot be seen and comes along when a phone is pasted. Coachbot reads the rest."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def submit_lead(form: dict) -> tuple[int, dict]:
    """Send a form's fields. Return the status and the JSON for your page."""
    lead = {
        "name": form.get("name", ""),
        "phone": visible(form.get("phone", "")),
        "email": form.get("email", ""),
        "goal": form.get("goal", ""),
        "consent": form.get("consent") in ("on", "true", "yes"),
    }
    key = str(uuid.uuid4())
    end = time.monotonic() + PATIENCE
    for attempt in range(ATTEMPTS):
        status, headers, body = post(lead, key)
        if status == 201 or body.get("error") == "duplicate_phone":
            # A duplicate is a success: the lead is there already.
            return 200, {"ok": True, "leadId": headers.get("Location", "").rpartition("/")[2]}
        fields = messages(body)
        if fields:
            return 422, {"ok": False, "fields": fields}
        may_pass = status in (0, 429) or status >= 500
        after = headers.get("Retry-After", "")
        pause = int(after) if after.isdigit() else 2**attempt
        if not may_pass or attempt == ATTEMPTS - 1 or time.monotonic() + pause > end:
            print("Coachbot:", status, body)  # for your log, with what to keep and send later
            break
        time.sleep(pause)
    return 503, {"ok": False, "message": "Please try again later."}


def post(lead: dict, key: str) -> tuple[int, dict, dict]:
    """Send one request. Return status (0: no answer), headers and body, {} for one without JSON."""
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": key}
    try:
        # Not redirected: that would make a GET of it.
        answer = requests.post(URL, json=lead, headers=headers, timeout=20, allow_redirects=False)
    except requests.RequestException as error:
        return 0, {}, {"error": str(error)}
    try:
        return answer.status_code, answer.headers, answer.json()
    except ValueError:
        return answer.status_code, answer.headers, {}


def messages(body: dict) -> dict:
    """Return a message for each field of the form that has to be corrected."""
    if body.get("error") == "`consent` must be true.":
        return {"consent": body["error"]}
    issues = body.get("issues", [])
    return {str(issue["path"][0]): issue["message"] for issue in issues if issue["path"]}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = submit_lead(dict(parse_qsl(form.decode(errors="replace"))))
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
