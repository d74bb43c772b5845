"""What the day happens to: Coachbot as docs/operations.md has it, and providers on bad wires."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bench import seed
from bench.bad_day.record import Record
from bench.bad_day.stores import Redis
from bench.bad_day.wire import Wire
from coachbot.providers.calcom import client as calcom
from coachbot.sandbox.listeners import Listener
from coachbot.sandbox.server import Sandbox
from tests import factories, nginx
from tests.servers import WebServer, free_port
from tests.workers import Worker
from workspaces.connections import credentials, own_secrets

PACE = 0.05  # of the calls that the sandbox plays: twenty times as quick as people
EXPORTED_LEADS = 20_000
UNLIMITED = "1000000/m"
AHEAD = {"DJANGO_SETTINGS_MODULE": "tests.skewed", "CLOCK_AHEAD_BY": "30"}


@dataclass
class Deployment:
    """All that runs. cast: the workspace to which leads come. archive: one with many leads."""

    cast: factories.Cast
    archive: object
    front: nginx.Nginx
    webs: list[WebServer]
    workers: list[Worker]
    redis: Redis
    vapi: Wire
    calcom: Wire
    mail: Wire
    record: Record

    @contextmanager
    def host_ahead(self):
        """Run a web server and a worker more on a host whose clock is 30 seconds ahead."""
        web = self.webs[1]
        worker = Worker(**web.settings, **AHEAD)
        worker.spawn()
        self._restart(web, {**web.settings, **AHEAD})
        try:
            yield
        finally:
            worker.kill()
            self._restart(web, {n: v for n, v in web.settings.items() if n not in AHEAD})

    def _restart(self, web: WebServer, settings: dict) -> None:
        web.stop()
        web.settings = settings
        try:
            web.start()
        except (RuntimeError, TimeoutError) as error:
            self.record.note(f"A web server is not up: {str(error)[-200:]}")


@contextmanager
def running(record: Record, redis: Redis):
    """Set it all up, and take it down again."""
    folder = Path(os.environ["TEST_FOLDER"])
    # The sandbox of this process sends its events to nginx.
    os.environ["SSL_CERT_FILE"] = str(folder / "cert.pem")
    with ExitStack() as stack:
        complaints = stack.enter_context((folder / "sandbox.log").open("w"))
        stack.enter_context(redirect_stderr(complaints))  # it has many on such a day
        sandbox = stack.enter_context(Sandbox(port=0, pace=PACE))
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        mailbox = Controller(Sink(), hostname="127.0.0.1", port=free_port())
        mailbox.start()
        stack.callback(mailbox.stop)
        parts = urlsplit(sandbox.base_url)
        vapi, cal = (Wire((parts.hostname, parts.port)) for _ in range(2))
        mail = Wire(("127.0.0.1", mailbox.port))
        settings = _settings(vapi, cal, mail)
        webs = [WebServer(**settings) for _ in range(3)]
        workers = [Worker(**settings) for _ in range(2)]
        for process in (*webs, *workers):
            stack.callback(_end, process)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda process: process.start(), (*webs, *workers)))
        front = stack.enter_context(
            nginx.running(folder, (webs[0].port, webs[1].port), webs[2].port)
        )
        cast, archive = _cast(sandbox, front), factories.make_workspace()
        seed.fill(os.environ["DATABASE_URL"], archive.pk, leads=EXPORTED_LEADS)
        yield Deployment(cast, archive, front, webs, workers, redis, vapi, cal, mail, record)


def _settings(vapi: Wire, cal: Wire, mail: Wire) -> dict[str, str]:
    return {
        "VAPI_BASE_URL": f"http://127.0.0.1:{vapi.port}",
        "CALCOM_BASE_URL": f"http://127.0.0.1:{cal.port}/v2",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "PUBLIC_BASE_URL": f"https://{nginx.HOST}",
        "ALLOWED_HOSTS": f"{nginx.HOST},127.0.0.1",
        "SECURE_SSL_REDIRECT": "1",
        "TRUSTED_PROXIES": "1",
        "WEB_CONCURRENCY": "1",
        "SIGN_IN_ADDRESS_RATE_LIMIT": UNLIMITED,
        "SIGN_IN_ACCOUNT_RATE_LIMIT": UNLIMITED,
    }


def _cast(sandbox: Sandbox, front: nginx.Nginx) -> factories.Cast:
    """Return a workspace that is connected and hears how its calls go."""
    cast = factories.make_cast(sandbox, daily_call_limit=10**6)
    account = calcom.Account("cal_sandbox_bad_day", 123456, "Europe/London")
    credentials.connect_calcom(cast.workspace, account)
    events = f"{front.base_url}/api/vapi/{cast.workspace.slug}/events"
    sandbox.listen(cast.vapi_key, Listener(events, own_secrets.tool_secret(cast.workspace)))
    return cast


def _end(process: WebServer | Worker) -> None:
    if process.process.poll() is None:
        process.kill()
