"""/metrics: off unless switched on, then guarded, and true over all processes."""

import requests

from tests.servers import wait_until
from tests.windows import make_limited_api

TOKEN = "scrape-me"


def read_metrics(server, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{server.base_url}/metrics", headers=headers, timeout=10)


def figure(text, name):
    """Return the value of one line of the exposition. Raises KeyError where it is not there."""
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {line: float(value) for line, value in lines}[name]


def test_metrics_are_off_without_a_token(web):
    assert read_metrics(web, token="").status_code == 404
    assert read_metrics(web, token="anything").status_code == 404


def test_metrics_are_refused_without_the_right_token(start_web):
    server = start_web(METRICS_TOKEN=TOKEN)

    assert read_metrics(server, token="").status_code == 404
    assert read_metrics(server, token="wrong").status_code == 404


def test_requests_and_dispatches_are_counted_over_all_processes(start_web, cast):
    server = start_web(METRICS_TOKEN=TOKEN)
    api = make_limited_api(server, cast.workspace)

    statuses = [api.submit().status_code for _ in range(5)] + [api.submit().status_code]
    text = read_metrics(server).text

    assert statuses == [201] * 5 + [429]
    created = 'coachbot_requests_total{method="POST",route="public_leads",status="201"}'
    assert figure(text, created) == 5
    succeeded = 'coachbot_provider_seconds_count{operation="vapi.create_call",outcome="succeeded"}'
    assert figure(text, succeeded) == 5
    assert figure(text, 'coachbot_limiter_refusals_total{group="api_key"}') == 1
    assert figure(text, 'coachbot_provider_in_flight{provider="vapi"}') == 0


def test_age_of_the_oldest_unsettled_call_is_told(start_web):
    text = read_metrics(start_web(METRICS_TOKEN=TOKEN)).text

    assert figure(text, "coachbot_oldest_unsettled_call_seconds") >= 0
    assert figure(text, "coachbot_oldest_unsettled_message_seconds") >= 0


def test_files_of_processes_that_ended_go_and_their_counts_stay(start_web, tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    server = start_web(
        METRICS_TOKEN=TOKEN,
        PROMETHEUS_MULTIPROC_DIR=str(folder),
        WEB_CONCURRENCY="2",  # a single process is never replaced
        WEB_MAX_REQUESTS="10",
    )

    for _ in range(45):
        requests.get(f"{server.base_url}/api/nowhere", timeout=10)
    # Of the main process, of the check before the start, of the two that live, of all that ended.
    wait_until(lambda: len(list(folder.glob("counter_*.db"))) <= 5, "the files to go")

    counted = 'coachbot_requests_total{method="GET",route="unmatched",status="404"}'
    assert figure(read_metrics(server).text, counted) == 45
    assert server.output().count("Booting worker") > 2
