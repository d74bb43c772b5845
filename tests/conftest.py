"""Starts what every test talks to: a database, the sandbox, and real web servers."""

import base64
import os
import secrets

import django
import pytest

from tests import backend

BACKEND = os.environ.get("TEST_BACKEND", "sqlite")

# The settings read the environment once, so it has to be complete before they are loaded.
os.environ.update(backend.start())
os.environ.update(
    DJANGO_SETTINGS_MODULE="coachbot.settings",
    DEBUG="0",
    SECRET_KEY=secrets.token_hex(32),
    ENCRYPTION_KEY=base64.b64encode(secrets.token_bytes(32)).decode(),
    SECURE_SSL_REDIRECT="0",
    PUBLIC_BASE_URL="http://127.0.0.1",
    STATIC_ROOT=os.environ["TEST_FOLDER"] + "/static",
)
django.setup()


# What does not depend on the database runs once, so that both suites take about as long.
# Schemathesis runs with PostgreSQL, which is stricter about text.
ONLY_ON = {
    "tests/coachbot/docs/snippets": "postgres",
    "tests/coachbot/docs/test_": "sqlite",
    "tests/coachbot/providers": "sqlite",
    "tests/coachbot/observability/test_access_log.py": "sqlite",
    "tests/coachbot/observability/test_masking.py": "sqlite",
    "tests/coachbot/test_imports.py": "sqlite",
    "tests/coachbot/server/test_interruption.py": "sqlite",
    "tests/coachbot/server/test_recycling.py": "postgres",
    "tests/coachbot/server/test_slow_clients.py": "sqlite",
    "tests/coachbot/server/test_lines.py": "sqlite",
    "tests/coachbot/http/test_addresses.py": "sqlite",
    "tests/coachbot/mail/test_mail_server.py": "postgres",
    "tests/coachbot/mail/test_printed.py": "sqlite",
    "tests/coachbot/configuration": "sqlite",
    "tests/coachbot/server/test_start.py": "sqlite",
    "tests/coachbot/server/test_exhaustion.py": "postgres",
    "tests/leads/contact/test_last_moment.py": "postgres",
    "tests/leads/calls/test_withdrawn_meanwhile.py": "postgres",
    "tests/leads/appointments/test_webhook.py": "postgres",
    "tests/leads/appointments/test_orders.py": "postgres",
    "tests/coachbot/http/test_static_files.py": "sqlite",
    "tests/coachbot/http/test_faults.py": "sqlite",
    "tests/leads/views/test_export.py": "postgres",
    "tests/workspaces/settings/test_workspace_command.py": "sqlite",
    "tests/workspaces/settings/test_upgrade.py": "sqlite",
    "tests/coachbot/test_nginx": "sqlite",
    "tests/coachbot/test_systemd.py": "sqlite",
    "tests/coachbot/test_compose.py": "sqlite",
    "tests/test_requirements.py": "sqlite",
    "tests/journeys/test_canaries.py": "postgres",
    "tests/journeys/test_delete_lead.py": "sqlite",
    "tests/journeys/test_demo.py": "sqlite",
    "tests/journeys/test_first_lead.py": "sqlite",
    "tests/journeys/test_first_steps.py": "sqlite",
    "tests/journeys/test_key_life.py": "sqlite",
    "tests/journeys/test_forms.py": "sqlite",
    "tests/workspaces/test_ended_sessions.py": "sqlite",
    "tests/journeys/test_pages.py": "sqlite",
    "tests/journeys/test_refused_person.py": "sqlite",
    "tests/journeys/test_settings.py": "sqlite",
    "tests/journeys/test_times.py": "sqlite",
    "tests/bench": "sqlite",
    "tests/leads/api/test_fuzz.py": "postgres",
    "tests/leads/contact/test_number_types.py": "postgres",
    "tests/coachbot/providers/test_ended_reasons.py": "sqlite",
    "tests/leads/calls/test_progress.py": "sqlite",
    "tests/leads/calls/test_concurrency.py": "postgres",
    "tests/leads/calls/test_long_lists.py": "postgres",
    "tests/leads/test_odd_providers.py": "postgres",
    "tests/coachbot/server/test_hanging.py": "postgres",
    "tests/leads/calls/test_unclear_outcomes.py": "postgres",
    "tests/leads/agent/test_unclear_bookings.py": "postgres",
    "tests/coachbot/sandbox": "sqlite",
    "tests/workspaces/test_access.py": "sqlite",
    "tests/workspaces/test_commands.py": "sqlite",
    "tests/workspaces/connections/test_connect_command.py": "sqlite",
    "tests/workspaces/connections/test_encryption.py": "sqlite",
    "tests/workspaces/test_page_security.py": "sqlite",
    "tests/workspaces/test_sign_in.py": "postgres",
    "tests/workspaces/test_passwords.py": "postgres",
    "tests/workspaces/test_timing.py": "postgres",
    "tests/test_documents.py": "sqlite",
    # Pages and words; what they show of the database is tested below it, on both.
    "tests/journeys/test_call_comes_back.py": "postgres",
    "tests/journeys/test_reworded.py": "postgres",
    "tests/leads/api/test_description.py": "postgres",
    "tests/leads/views/test_lead_page.py": "postgres",
    "tests/leads/views/test_recording_page.py": "postgres",
    "tests/workspaces/connections/test_connection_pages.py": "sqlite",
    "tests/workspaces/connections/test_vapi_setup.py": "postgres",
    "tests/workspaces/members/test_members.py": "postgres",
    "tests/workspaces/settings/test_settings_pages.py": "postgres",
    "tests/workspaces/settings/test_slugs.py": "postgres",
    "tests/workspaces/test_api_key_pages.py": "postgres",
    # What is said of a request that never gets as far as the database; PostgreSQL is stricter
    # about text.
    "tests/leads/api/test_bodies.py": "postgres",
    "tests/leads/api/test_create_validation.py": "postgres",
    "tests/leads/api/test_ugly_bodies.py": "postgres",
    "tests/leads/api/test_event_bodies.py": "postgres",
    "tests/leads/api/test_envelope.py": "postgres",
    "tests/leads/api/test_authentication.py": "postgres",
    "tests/leads/api/test_event_access.py": "postgres",
    "tests/leads/api/test_request_id.py": "postgres",
    "tests/leads/api/test_create_phone.py": "sqlite",
    "tests/leads/api/test_rate_limit_headers.py": "sqlite",
    "tests/leads/api/test_recording.py": "sqlite",
    "tests/leads/views": "postgres",
    "tests/leads/intake_addresses/test_bodies.py": "postgres",
    "tests/leads/intake_addresses/test_tools.py": "sqlite",
    "tests/leads/calls/test_crowd_of_events.py": "postgres",
    "tests/workspaces/settings": "postgres",
    "tests/workspaces/connections": "postgres",
    "tests/workspaces/members": "postgres",
    "tests/workspaces/test_api_key": "postgres",
    "tests/coachbot/mail/test_outbox.py": "sqlite",
    # Pure, or of words and files.
    "tests/leads/contact/test_wishes.py": "sqlite",
    "tests/leads/contact/test_hours.py": "sqlite",
    "tests/leads/contact/test_plan.py": "sqlite",
    "tests/leads/contact/test_zones.py": "sqlite",
    "tests/leads/contact/test_number_files.py": "sqlite",
    "tests/leads/contact/test_every_path.py": "sqlite",
    "tests/leads/forms/test_colours.py": "sqlite",
    "tests/leads/forms/test_definition.py": "sqlite",
    "tests/leads/forms/test_wordings.py": "sqlite",
    "tests/coachbot/http/test_moments.py": "sqlite",
    "tests/coachbot/work/test_banner.py": "sqlite",
    "tests/coachbot/observability/test_metrics.py": "sqlite",
    "tests/coachbot/observability/test_health.py": "sqlite",
    "tests/journeys/test_hosted_form.py": "sqlite",
    "tests/journeys/test_lead_page.py": "postgres",
    "tests/coachbot/test_tenants.py": "postgres",
    "tests/leads/api/test_ring_bodies.py": "postgres",
    "tests/leads/intake_addresses": "postgres",
    "tests/leads/calls/test_played_rings.py": "postgres",
    "tests/leads/calls/test_transfers.py": "sqlite",
    "tests/workspaces/test_staff_pages.py": "sqlite",
    "tests/workspaces/log/test_log_pages.py": "postgres",
}


# What hangs, dies or is fuzzed for minutes is for `make test-faults`, as tests/faults is.
LONG = (
    "tests/coachbot/mail/test_mail_server.py",
    "tests/coachbot/server/test_hanging.py",
    "tests/coachbot/work/test_worker.py",
    "tests/leads/calls/test_crowd_of_events.py",
    "tests/leads/test_odd_providers.py",
    "tests/workspaces/test_timing.py",
)


def pytest_collection_modifyitems(items):
    """Leave what is long to the faults, and skip, with a printed reason, what the suite on the
    other backend runs.
    """
    for item in items:
        if any(f"/{path}" in str(item.path) for path in LONG):
            item.add_marker(pytest.mark.faults)
        # Of a folder and a file in it, the file decides.
        path = max((p for p in ONLY_ON if f"/{p}" in str(item.path)), key=len, default=None)
        if path and ONLY_ON[path] != BACKEND:
            reason = f"{path} is the same on every backend: it runs with {ONLY_ON[path]}"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def database(django_db_blocker):
    """The real database, migrated. Tests make their own workspaces, so nothing is rolled back."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield


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
    from tests.servers import WebServer

    server = WebServer(**providers, PUBLIC_API_RATE_LIMITS="100000/m,1000000/h")
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
