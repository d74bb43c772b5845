"""A production run in small: nginx, two gunicorns, PostgreSQL, Redis; 1,000 leads; restarts.

Needs nginx on the PATH. DATABASE_URL and REDIS_URL, where set, name the servers to use.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import requests

from bench import stage
from bench.figures import table
from coachbot.sandbox.process import SandboxProcess
from leads.models import Call, Lead
from tests import factories, nginx
from tests.servers import wait_until

LEADS = 1_000
CALLERS = 20


def measure() -> str:
    """Run it. Return what the answers, the database and Vapi say."""
    if not nginx.is_installed():
        raise SystemExit(
            "nginx is not installed. Install it (apt-get install nginx) and try again."
        )
    folder = Path(os.environ["TEST_FOLDER"])
    workspace = factories.make_workspace(
        vapi_account=factories.make_account(), daily_call_limit=10**6
    )
    key = factories.make_key(workspace)
    with ExitStack() as running:
        sandbox = running.enter_context(SandboxProcess())
        settings = {
            "VAPI_BASE_URL": sandbox.base_url,
            "PUBLIC_BASE_URL": f"https://{nginx.HOST}",
            "SECURE_SSL_REDIRECT": "1",
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": "1",
        }
        webs = [running.enter_context(stage.Gunicorn(**settings)) for _ in range(2)]
        front = running.enter_context(nginx.running(folder, (webs[0].port, webs[1].port)))
        with ThreadPoolExecutor(CALLERS) as callers:
            submit = _caller(front, key)
            answers = [callers.submit(submit, number) for number in range(LEADS)]
            for web in webs:
                half = LEADS // 3 * (webs.index(web) + 1)
                wait_until(lambda half=half: sum(a.done() for a in answers) > half, "leads")
                web.restart()
            statuses = Counter(answer.result() for answer in answers)
        for web in webs:
            web.stop()
        alone = submit(LEADS)
    return _as_table(workspace, statuses, alone, [web.served() for web in webs])


def _caller(front: nginx.Nginx, key: str):
    """Return what posts one lead over kept connections and returns the status."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=CALLERS))
    headers = {"Authorization": f"Bearer {key}", "Host": nginx.HOST}

    def submit(number: int) -> int | str:
        body = {"name": "Jane Doe", "phone": f"+4479{number:06d}00", "consent": True}
        try:
            response = session.post(
                f"{front.base_url}/api/public/leads",
                json=body,
                headers=headers,
                timeout=30,
                verify=str(front.certificate),
            )
        except requests.RequestException as error:
            return type(error).__name__
        return response.status_code

    return submit


def _as_table(workspace, statuses: Counter, alone, served: list[int]) -> str:
    leads = Lead.objects.filter(workspace=workspace)
    calls = Call.objects.filter(workspace=workspace)
    rows = [
        ["answers", dict(statuses), f"{{201: {LEADS}}}"],
        ["leads in the database", leads.count(), LEADS],
        ["of them accepted", leads.exclude(accepted_at=None).count(), LEADS],
        ["calls, each with an id of Vapi", calls.exclude(vapi_call_id=None).count(), LEADS],
        ["leads that each process took", served, ""],
        ["answer while both are stopped", alone, 503],
    ]
    return table(["1,000 leads, both processes restarted", "measured", "expected"], rows)
