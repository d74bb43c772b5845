"""A process that is replaced after so many requests leaves none of them unanswered."""

from concurrent.futures import ThreadPoolExecutor

import requests

CALLERS, REQUESTS = 4, 20


def test_requests_go_on_while_processes_are_replaced(start_web):
    server = start_web(WEB_MAX_REQUESTS="30")

    with ThreadPoolExecutor(CALLERS) as pool:
        statuses = [status for mine in pool.map(ask_often, [server] * CALLERS) for status in mine]

    assert set(statuses) == {404}
    assert len(statuses) == CALLERS * REQUESTS
    assert server.output().count("Autorestarting worker") >= 1


def test_single_process_is_not_replaced(start_web):
    """Its successor begins when it has ended: with one call in flight, that is 15 seconds."""
    server = start_web(WEB_MAX_REQUESTS="5", WEB_CONCURRENCY="1")

    assert set(ask_often(server)) == {404}
    assert "Autorestarting worker" not in server.output()


def ask_often(server) -> list[int]:
    """Send requests one after the other over a kept connection. Return their statuses."""
    with requests.Session() as session:
        return [
            session.get(f"{server.base_url}/api/nowhere", timeout=30).status_code
            for _ in range(REQUESTS)
        ]
