"""One line for each request on stdout: JSON in production, readable in development."""

import json

import requests

from tests.client import Api
from tests.factories import make_phone
from tests.servers import wait_until


def lines_of(server, request_id):
    """Return the lines that a request wrote, once its access line is there."""

    def found():
        return [line for line in server.output().splitlines() if request_id in line]

    wait_until(lambda: any("coachbot.access" in line for line in found()), "the access line", 5)
    return found()


def test_request_writes_one_line_of_json(web, cast):
    api = Api(web.base_url, cast.key)

    api.ask("GET", "/api/public/leads/unknown", headers={"X-Request-Id": "access-json"})
    [line] = lines_of(web, "access-json")

    entry = json.loads(line)
    assert (entry["method"], entry["route"], entry["status"]) == ("GET", "public_lead", 404)
    assert entry["workspace"] == cast.workspace.pk
    assert entry["level"] == "INFO"
    assert 0 < entry["duration_ms"] < 10_000


def test_failed_dispatch_writes_one_line(web, cast):
    api = Api(web.base_url, cast.key)
    phone = make_phone("41")

    api.submit(phone=phone, headers={"X-Request-Id": "access-502"})
    [line] = lines_of(web, "access-502")

    assert json.loads(line)["status"] == 502
    assert json.loads(line)["level"] == "WARNING"


def test_development_lines_are_for_people_and_not_repeated(start_web, cast):
    server = start_web(DEBUG="1")
    headers = {"X-Request-Id": "access-line"}

    requests.get(f"{server.base_url}/api/nowhere", headers=headers, timeout=5)
    [line] = lines_of(server, "access-line")

    assert "INFO access-line coachbot.access: GET unmatched 404 in" in line


def test_phone_in_an_address_is_not_printed(web, api):
    phone = make_phone()

    api.ask("GET", f"/api/public/leads/{phone}?q={phone}", headers={"X-Request-Id": "access-phone"})
    lines_of(web, "access-phone")

    assert phone.removeprefix("+") not in web.output()


def test_probes_write_no_line(web):
    requests.get(f"{web.base_url}/healthz", headers={"X-Request-Id": "access-probe"}, timeout=5)
    requests.get(f"{web.base_url}/api/", headers={"X-Request-Id": "access-after"}, timeout=5)
    lines_of(web, "access-after")

    assert "access-probe" not in web.output()
