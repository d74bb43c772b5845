"""A production server with a wrong setting does not start, and says in a sentence what to set."""

from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from coachbot.configuration import development
from coachbot.settings import DEVELOPMENT_ENCRYPTION_KEY, DEVELOPMENT_SECRET_KEY
from tests.command_line import forked, gunicorn, manage, run
from tests.servers import WebServer

NOT_SET = "is not set. Set it to"
DEVELOPMENT = "is the development value. Set it to"
SECRETS = [
    ({"SECRET_KEY": ""}, f"SECRET_KEY {NOT_SET}"),
    ({"ENCRYPTION_KEY": ""}, f"ENCRYPTION_KEY {NOT_SET}"),
    ({"SECRET_KEY": DEVELOPMENT_SECRET_KEY}, f"SECRET_KEY {DEVELOPMENT}"),
    ({"ENCRYPTION_KEY": DEVELOPMENT_ENCRYPTION_KEY}, f"ENCRYPTION_KEY {DEVELOPMENT}"),
    (
        {"ENCRYPTION_KEY": f"{'QQ' * 22},{DEVELOPMENT_ENCRYPTION_KEY}"},
        f"ENCRYPTION_KEY {DEVELOPMENT}",
    ),
]
OTHERS = [
    ({"ENCRYPTION_KEY": "neither base64 nor short"}, "ENCRYPTION_KEY is not valid base64"),
    ({"ENCRYPTION_KEY": "c2hvcnQ="}, "ENCRYPTION_KEY must be 32 bytes in base64"),
    ({"PUBLIC_API_RATE_LIMITS": "5/m,many"}, "PUBLIC_API_RATE_LIMITS cannot be read."),
    ({"PUBLIC_API_READ_LIMITS": "many"}, "PUBLIC_API_READ_LIMITS cannot be read."),
    ({"FAILED_KEY_RATE_LIMIT": "0/m"}, "FAILED_KEY_RATE_LIMIT cannot be read."),
]


@pytest.mark.parametrize(("settings", "sentence"), SECRETS)
def test_command_without_a_production_secret_says_so(settings, sentence):
    result = manage("check", DEBUG="0", **settings)

    assert result.returncode != 0
    assert result.stderr.startswith(f"Coachbot cannot start: {sentence}")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("database", "sentence"),
    [
        ("sqlite:///{folder}/empty.sqlite3", "The database is not up to date. Run"),
        ("sqlite:///{folder}/nowhere/x.sqlite3", "The database does not answer: unable to open"),
        ("postgresql://nobody@127.0.0.1:1/x", "The database does not answer: couldn't get a"),
    ],
)
def test_command_without_a_usable_database_says_so(tmp_path, database, sentence):
    url = database.format(folder=tmp_path)

    result = manage(
        "create_api_key", "acme", "--name", "x", DATABASE_URL=url, DATABASE_POOL_TIMEOUT="1"
    )

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(sentence)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("settings", "sentence"), SECRETS + OTHERS)
def test_server_with_a_wrong_setting_says_so(settings, sentence):
    result = gunicorn(DEBUG="0", **settings)

    [line] = [line for line in result.stderr.splitlines() if "cannot start" in line]
    assert result.returncode != 0
    assert f"Coachbot cannot start: {sentence}" in line
    assert "Traceback" not in result.stderr and "Listening" not in result.stderr
    assert not any(value in result.stderr for value in settings.values() if len(value) > 9)


def test_second_process_without_redis_is_told_what_to_set():
    result = run("-m", "gunicorn", PORT="0", REDIS_URL="", WEB_CONCURRENCY="2")

    assert result.returncode != 0
    assert "Set REDIS_URL, or set WEB_CONCURRENCY=1." in result.stderr


def test_development_needs_no_secret():
    result = manage("check", DEBUG="1", SECRET_KEY="", ENCRYPTION_KEY="")

    assert (result.returncode, result.stderr) == (0, "")


PUBLIC = ("https://coachbot.example", "http://203.0.113.7", "http://[2001:db8::1]:8000")
PRIVATE = (
    *("http://localhost:8000", "http://coachbot.local", "https://a.test", "http://b.localhost"),
    *("http://10.1.2.3", "http://172.31.0.1:8000", "http://192.168.1.7", "http://127.0.0.2"),
    *("http://[::1]:8000", "http://[fd00::1]", "http://[fe80::1]", "http://web:8000"),
)


@pytest.mark.parametrize("url", PUBLIC)
def test_well_known_keys_do_not_meet_the_public(url):
    with pytest.raises(ImproperlyConfigured, match="with DEBUG=1 SECRET_KEY would be known"):
        development.check_keys(urlsplit(url).hostname, ["SECRET_KEY"])


@pytest.mark.parametrize("url", PRIVATE)
def test_well_known_keys_may_be_used_in_private(url):
    development.check_keys(urlsplit(url).hostname, ["SECRET_KEY"])


def test_command_in_development_refuses_a_public_address():
    result = manage("check", DEBUG="1", SECRET_KEY="", ENCRYPTION_KEY="", PUBLIC_BASE_URL=PUBLIC[0])

    said = "PUBLIC_BASE_URL is a public address, and with DEBUG=1 SECRET_KEY and ENCRYPTION_KEY"
    assert result.returncode != 0
    assert result.stderr.startswith(f"Coachbot cannot start: {said} would be known to everybody.")
    assert len(result.stderr.splitlines()) == 1


def test_server_on_all_addresses_is_not_started_with_a_well_known_key():
    settings = {"DEBUG": "1", "ENCRYPTION_KEY": "", "WEB_BIND": "0.0.0.0:0"}

    result = gunicorn(**settings, PUBLIC_BASE_URL="https://coachbot.example")

    [line] = [line for line in result.stderr.splitlines() if "cannot start" in line]
    assert "PUBLIC_BASE_URL is a public address, and with DEBUG=1 ENCRYPTION_KEY would" in line
    assert result.returncode != 0 and "Listening" not in result.stderr


def test_development_with_keys_of_its_own_may_have_a_public_address():
    assert manage("check", DEBUG="1", PUBLIC_BASE_URL="https://coachbot.example").returncode == 0


def test_spaces_between_rate_limits_change_nothing():
    web = WebServer(PUBLIC_API_RATE_LIMITS="5/m, 100/h").start()
    web.kill()

    assert "Listening" in web.output()


def test_views_are_imported_before_the_first_request():
    look = "import sys, coachbot.wsgi; print('leads.api.views' in sys.modules)"

    done = run("-c", look)

    assert done.stdout.strip().endswith("True"), done.stdout + done.stderr


@pytest.mark.parametrize("threads", ["5", "8", "16", "96"])
def test_limits_of_all_providers_leave_a_thread_for_reads(threads):
    result = forked("-m", "coachbot.server.start", "1", WEB_THREADS=threads)

    assert (result.returncode, result.stdout) == (0, ""), result.stderr


def test_limits_that_take_every_thread_are_refused():
    result = forked("-m", "coachbot.server.start", "1", WEB_THREADS="12", OPENAI_IN_FLIGHT="9")

    assert result.returncode == 1
    assert "TWILIO_IN_FLIGHT and OPENAI_IN_FLIGHT may take" in result.stdout
    assert "of 12 threads, which leaves none for reads." in result.stdout
