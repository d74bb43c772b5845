"""A production run in small: nginx, two gunicorns, PostgreSQL, Redis; 1,000 leads; restarts.

Needs nginx on the PATH. DATABASE_URL and REDIS_URL, where set, name the servers to use.
"""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from bench import stage
from bench.figures import table
from coachbot.sandbox.process import SandboxProcess
from leads.models import Call, Lead
from tests import factories
from tests.servers import free_port, wait_until

LEADS = 1_000
CALLERS = 20
HOST = "coachbot.example"
MAIN = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log warn;
events {{ worker_connections 1024; }}
http {{ access_log {folder}/nginx-access.log; client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy; include {folder}/coachbot.conf; }}
"""


def measure() -> str:
    """Run it. Return what the answers, the database and Vapi say."""
    if not shutil.which("nginx"):
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
            "PUBLIC_BASE_URL": f"https://{HOST}",
            "SECURE_SSL_REDIRECT": "1",
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": "1",
        }
        webs = [running.enter_context(stage.Gunicorn(**settings)) for _ in range(2)]
        base = running.enter_context(nginx(folder, [web.port for web in webs]))
        with ThreadPoolExecutor(CALLERS) as callers:
            submit = _caller(base, key, folder / "cert.pem")
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


def _caller(base: str, key: str, certificate: Path):
    """Return what posts one lead over kept connections and returns the status."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=CALLERS))
    headers = {"Authorization": f"Bearer {key}", "Host": HOST}

    def submit(number: int) -> int | str:
        body = {"name": "Jane Doe", "phone": f"+4479{number:06d}00", "consent": True}
        try:
            response = session.post(
                f"{base}/api/public/leads",
                json=body,
                headers=headers,
                timeout=30,
                verify=str(certificate),
            )
        except requests.RequestException as error:
            return type(error).__name__
        return response.status_code

    return submit


@contextmanager
def nginx(folder: Path, ports: list[int]) -> Iterator[str]:
    """Run nginx with deploy/nginx/coachbot.conf on free ports. Yield where it is reached."""
    tls, plain = free_port(), free_port()
    _make_certificate(folder)
    text = (stage.ROOT / "deploy" / "nginx" / "coachbot.conf").read_text()
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{folder}/cert.pem",
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{folder}/key.pem",
    }.items():
        text = text.replace(old, new)
    (folder / "coachbot.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    process = subprocess.Popen([shutil.which("nginx"), "-c", str(folder / "nginx.conf")])
    base = f"https://127.0.0.1:{tls}"
    try:
        wait_until(lambda: _answers(base, folder), "nginx")
        yield base
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(base: str, folder: Path) -> bool:
    try:
        return requests.get(f"{base}/healthz", verify=f"{folder}/cert.pem", timeout=5).ok
    except requests.ConnectionError:
        return False


def _make_certificate(folder: Path) -> None:
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"]
    files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*command, *files, *subject], check=True, capture_output=True)


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
