"""Starts what every test talks to: a database, the sandbox, and real web servers."""

import base64
import gc
import os
import secrets
import sys
from collections import Counter

import django
import pytest

from tests import backend, sides

BACKEND = os.environ.get("TEST_BACKEND", "sqlite")

# Images set this. Each of a few hundred starts would compile all our modules anew, which is up to
# half of what a start costs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The settings read the environment once, so it has to be complete before they are loaded.
os.environ.update(backend.start())
os.environ.update(
    DJANGO_SETTINGS_MODULE="tests.settings",
    DEBUG="0",
    SECRET_KEY=secrets.token_hex(32),
    ENCRYPTION_KEY=base64.b64encode(secrets.token_bytes(32)).decode(),
    SECURE_SSL_REDIRECT="0",
    PUBLIC_BASE_URL="http://127.0.0.1",
    STATIC_ROOT=os.environ["TEST_FOLDER"] + "/static",
)
django.setup()

MIGRATED = os.environ["TEST_FOLDER"] + "/migrated.sqlite3"

# How many files run elsewhere, by where.
LEFT = pytest.StashKey[Counter]()

# What hangs, dies or is fuzzed for minutes is for `make test-faults`.
LONG = (
    "tests/faults/",
    "tests/coachbot/mail/test_mail_server.py",
    "tests/coachbot/server/test_hanging.py",
    "tests/coachbot/work/test_worker.py",
    "tests/coachbot/db/test_migrate.py",
    "tests/leads/calls/test_crowd_of_events.py",
    "tests/leads/test_odd_providers.py",
    "tests/leads/test_tasks.py",
    "tests/workspaces/settings/test_upgrade.py",
    "tests/workspaces/test_timing.py",
)


def side_of(path) -> str:
    """Return where a test file runs, "faults" for those that are long."""
    if any(f"/{long}" in str(path) for long in LONG):
        return "faults"
    return sides.side_of(str(path))


def pytest_ignore_collect(collection_path, config):
    """Leave what runs elsewhere unread: to import all tests takes as long as dozens of them."""
    if collection_path.is_dir() or config.option.markexpr != "not faults":
        return None
    elsewhere = config.stash.setdefault(LEFT, Counter())
    side = side_of(collection_path)
    if not collection_path.name.startswith("test_") or side in (sides.BOTH, BACKEND):
        return None
    elsewhere[side] += 1
    return True


def pytest_collection_modifyitems(items):
    """Mark what is long, and skip what the suite on the other backend runs, unless it is a fault
    test: those are run once, all on one backend.
    """
    for item in items:
        side = side_of(item.path)
        if side == "faults":
            item.add_marker(pytest.mark.faults)
        elif side not in (sides.BOTH, BACKEND) and not item.get_closest_marker("faults"):
            item.add_marker(pytest.mark.skip(reason=f"runs with {side} (tests/sides.py)"))


def pytest_collection_finish():
    """Look no more for garbage among what lives as long as the suite: it is a tenth of its time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter, config):
    for side, files in sorted(config.stash.get(LEFT, Counter()).items()):
        how = "make test-faults" if side == "faults" else f"TEST_BACKEND={side}, by tests/sides.py"
        terminalreporter.write_line(f"{files} files were left to {how}.")


@pytest.fixture(scope="session", autouse=True)
def migrated_database(django_db_blocker):
    """The real database, migrated. Tests make their own workspaces, so nothing is rolled back."""
    from django.core.management import call_command

    from tests.database import copy_to, gather_no_statistics

    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        gather_no_statistics()
        call_command("collectstatic", verbosity=0, interactive=False)
        if BACKEND == "sqlite":
            copy_to(MIGRATED)
        yield


@pytest.fixture(scope="session")
def migrated(migrated_database):
    """A file with SQLite's database as it was migrated: to migrate another takes 11 s."""
    if BACKEND != "sqlite":
        pytest.skip("needs TEST_BACKEND=sqlite")
    return MIGRATED


@pytest.fixture(scope="module", autouse=True)
def few_rows(migrated_database):
    """Begin a file with few workspaces: what walks over all of them would take ever longer."""
    from tests.database import empty

    empty(above=300)


@pytest.fixture(scope="session")
def sandbox():
    """Stand-ins for the providers over real HTTP. Every workspace of a test has its own account."""
    from coachbot.sandbox.server import Sandbox

    with Sandbox(port=0, pace=0) as running:
        yield running


# Each server has two processes with eight connections; PostgreSQL has a hundred.
SERVERS_AT_ONCE = 4


@pytest.fixture(scope="session")
def providers(sandbox):
    """The settings that send a server to the sandbox instead of to the providers."""
    return {
        "VAPI_BASE_URL": sandbox.base_url,
        "CALCOM_BASE_URL": f"{sandbox.base_url}/v2",
        "TWILIO_BASE_URL": sandbox.base_url,
        "TWILIO_MESSAGING_BASE_URL": sandbox.base_url,
        "TWILIO_CONTENT_BASE_URL": sandbox.base_url,
        "OPENAI_BASE_URL": f"{sandbox.base_url}/v1",
    }


@pytest.fixture(scope="session")
def start_web(providers):
    """Return a function that starts a gunicorn with further settings, or gives the one it has."""
    from tests.servers import ForkedWebServer

    servers = {}

    def start(**settings):
        key = tuple(sorted(settings.items()))
        servers[key] = (
            servers.pop(key, None) or ForkedWebServer(**{**providers, **settings}).start()
        )
        if len(servers) > SERVERS_AT_ONCE:
            servers.pop(next(iter(servers))).kill()  # the one that was not asked for the longest
        return servers[key]

    yield start
    for server in servers.values():
        server.kill()


@pytest.fixture(scope="session")
def web(providers):
    """The server that most tests use: production settings, and rate limits out of the way."""
    from tests.servers import WebServer

    server = WebServer(
        **providers,
        PUBLIC_API_RATE_LIMITS="100000/m,1000000/h",
        INTAKE_RATE_LIMITS="100000/m",
        FAILED_KEY_RATE_LIMIT="100000/m",
        SIGN_IN_ADDRESS_RATE_LIMIT="100000/m",
        PASSWORD_MAIL_RATE_LIMIT="100000/m",
        PASSWORD_MAIL_ADDRESS_RATE_LIMIT="100000/m",
        FORM_RATE_LIMITS="100000/h",
        FORM_WORKSPACE_RATE_LIMIT="100000/h",
        FORM_LEAST_SECONDS="0.001",  # tests say themselves when a form was opened
    ).start()
    yield server
    server.kill()  # to stop gently takes seconds, and is tested elsewhere


@pytest.fixture(scope="session")
def written_web(providers):
    """A server that Twilio can report to: it signs the address that it was told."""
    from tests.servers import ForkedWebServer

    server = ForkedWebServer(**providers, PUBLIC_API_RATE_LIMITS="100000/m,1000000/h")
    server.settings |= {"PUBLIC_BASE_URL": server.base_url, "FAILED_KEY_RATE_LIMIT": "100000/m"}
    yield server.start()
    server.kill()


@pytest.fixture
def written(written_web, sandbox, settings):
    """A whatsapp workspace that is connected, whose messages this process sends to the sandbox."""
    from tests.written import make_written

    settings.PUBLIC_BASE_URL = written_web.base_url
    settings.TWILIO_BASE_URL = sandbox.base_url
    return make_written(sandbox, written_web)


@pytest.fixture
def cast(sandbox):
    """A voice workspace that is connected, with a key."""
    from tests.factories import make_cast

    return make_cast(sandbox)


@pytest.fixture
def api(web, cast):
    """A client of the Public API with the key of the cast."""
    from tests.client import Api

    return Api(web.base_url, cast.key)


@pytest.fixture
def visit(web):
    """Return a function that opens the dashboard as a member of a role, or as any user."""
    from coachbot.work import heartbeat
    from tests.dashboard import Visitor

    heartbeat.write()  # else every page would say that the worker is away
    return lambda user=None: Visitor(web.base_url, user)


@pytest.fixture(scope="session")
def chromium():
    """The browser that is installed; tests that need it are skipped where there is none."""
    from tests import browser

    with browser.launch() as running:
        yield running


@pytest.fixture
def mailbox(settings):
    """Does the worker's part for mails. Return a function: the mails to an address so far."""
    from django.core import mail

    from coachbot.mail import delivery

    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []

    def mails_to(address):
        delivery.deliver.call_local()
        return [message for message in mail.outbox if address in message.to]

    return mails_to


@pytest.fixture
def browse(web, chromium):
    """Return a function that opens a page as a user. Any error on a console fails the test."""
    from coachbot.work import heartbeat
    from tests.browser import Tab

    heartbeat.write()
    tabs = []

    def open_tab(user=None, **options):
        tabs.append(Tab(chromium, web.base_url, user, **options))
        return tabs[-1].page

    yield open_tab
    for tab in tabs:
        tab.close()
