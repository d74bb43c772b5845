"""POST /sandbox/events-url: whoever has a key says where its messages go."""

import pytest
import requests

from coachbot.sandbox.listeners import PATH, Listener
from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import make_client, wait_until

NOBODY = "http://127.0.0.1:9"


def test_registered_url_is_told_instead_of_the_one_for_all(capfd):
    told = {"url": f"{NOBODY}/own", "secret": "own"}
    with Sandbox(pace=0, listener=Listener(f"{NOBODY}/all", "x")) as sandbox:
        client = make_client(sandbox)
        answer = client.request("POST", PATH, json=told)
        client.call("15")
        wait_until(lambda: f"{NOBODY}/own" in capfd.readouterr().err)

    assert answer.json() == {"ok": True}


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"url": "x"}', b""])
def test_registration_without_url_and_secret_is_refused(client, body):
    answer = client.request("POST", PATH, data=body)

    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Send {")


def test_registration_without_a_key_is_refused(sandbox):
    told = {"url": NOBODY, "secret": "x"}

    answer = requests.post(f"{sandbox.base_url}{PATH}", json=told, timeout=2)

    assert (answer.status_code, "bearer token" in answer.json()["message"]) == (400, True)


def test_page_takes_what_a_person_enters(capfd):
    with Sandbox(pace=0) as sandbox:
        client = make_client(sandbox)
        entered = {"key": client.key, "url": f"{NOBODY}/?a=1&b", "secret": "own"}
        page = requests.get(f"{sandbox.base_url}{PATH}", timeout=2)
        saved = requests.post(f"{sandbox.base_url}{PATH}", data=entered, timeout=2)
        client.call("15")
        wait_until(lambda: f"{NOBODY}/?a=1&b" in capfd.readouterr().err)

    assert page.status_code == 200 and "Server URL of your assistant" in page.text
    assert "reported to http://127.0.0.1:9/?a=1&amp;b now" in saved.text


def test_page_without_all_of_it_asks_again(sandbox):
    answer = requests.post(f"{sandbox.base_url}{PATH}", data={"key": "sandbox-x"}, timeout=2)

    assert (answer.status_code, "Fill in all three." in answer.text) == (400, True)
