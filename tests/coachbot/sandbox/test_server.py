"""The sandbox as a server: crowds, leavers, stopping, and life as a process."""

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from coachbot.sandbox.process import PROJECT, SandboxProcess
from coachbot.sandbox.server import Sandbox
from tests.coachbot.sandbox.vapi.client import Client, calls_of, make_client, wait_until


def test_three_hundred_clients_at_once_are_all_served(sandbox, client):
    with ThreadPoolExecutor(max_workers=300) as pool:
        answers = list(pool.map(lambda _: client.call(timeout=10), range(300)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({call.id for call in calls_of(sandbox, client)}) == 300


@pytest.mark.parametrize("digits", ["55", "60", "68"])
def test_connection_ends_soon_after_the_client_left(digits):
    with Sandbox() as sandbox:
        with pytest.raises(IOError, match="timed out"):
            make_client(sandbox).call(digits, timeout=0.2)

        wait_until(lambda: sandbox.open_connections == 0)


def test_stopping_hangs_up_on_everybody():
    sandbox = Sandbox()
    sandbox.start()
    with requests.Session() as session:
        session.get(sandbox.base_url, timeout=2)
        sandbox.stop()

        with pytest.raises(requests.ConnectionError):
            session.get(sandbox.base_url, timeout=2)
    wait_until(lambda: sandbox.open_connections == 0)


def test_stopped_sandbox_can_come_back_on_its_port_with_its_memory():
    sandbox = Sandbox()
    with sandbox:
        client = make_client(sandbox)
        call_id = client.call().json()["id"]
        port = int(client.base_url.rpartition(":")[2])

    with Sandbox(port=port) as fresh, pytest.raises(OSError):
        assert client.listed() == []
        Sandbox(port=port).start()
    assert calls_of(fresh, client) == []
    assert [call.id for call in calls_of(sandbox, client)] == [call_id]


def test_client_that_leaves_in_its_request_disturbs_nobody(sandbox, client, capfd):
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /call HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")

    assert client.call().status_code == 201
    assert capfd.readouterr().err == ""


def test_each_request_leaves_a_line_without_secrets(capfd):
    with Sandbox(quiet=False) as sandbox:
        make_client(sandbox).get("/assistant?limit=1&token=secret")

    assert capfd.readouterr().err == "GET /assistant 400 whole\n"


def test_process_serves_and_stops_cleanly():
    process = SandboxProcess()
    process.start()
    answer = Client(process.base_url, key="sandbox-process").call()

    assert answer.status_code == 201
    assert process.stop() == 0


def test_process_on_a_taken_port_says_so(sandbox):
    port = sandbox.base_url.rpartition(":")[2]

    with pytest.raises(RuntimeError, match="did not start"):
        SandboxProcess(port=int(port)).start()


def test_interrupt_ends_the_command_with_an_open_silent_call():
    command = [sys.executable, "-m", "coachbot.sandbox", "--port", "0", "--quiet"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    base_url = process.stdout.readline().split()[-1]
    with pytest.raises(requests.ReadTimeout):
        Client(base_url, key="sandbox-interrupt").call("55", timeout=0.2)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=5) == 0
    process.stdout.close()
